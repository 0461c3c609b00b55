"""Everything segbot can raise on purpose.

The docstring of each class is the sentence a person reads; the arguments are for the log.
A problem a person made (a misspelt word, an empty request) is a value in a `Reading` or a card, not one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class SegbotError(Exception):
    """Something went wrong inside segbot. Nothing was changed; please try again, or show this to your admin."""

    @property
    def sentence(self) -> str:
        """What to tell a person: the docstring of the class on one line."""
        return " ".join((type(self).__doc__ or "").split())


class ConfigurationError(SegbotError):
    """segbot is not set up correctly. The text says which setting to change."""

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the catalog file: where (line and column from 1; 0 when the whole file is meant), what, and a way out.

    `path` is dotted (attributes.gender.kind). A warning lets the catalog be used; an error does not.
    """

    line: int
    column: int
    path: str
    message: str
    suggestion: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        where = f"{self.path}: " if self.path else ""
        hint = f", {self.suggestion}" if self.suggestion else ""
        return f"{place}{where}{self.message}{hint}"


class CatalogError(ConfigurationError):
    """The catalog file can't be used. `segbot catalog check` lists every problem with its line.

    `problems` holds all of them at once, in the order of the file.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class UnknownName(SegbotError):
    """This segment uses something that is no longer in the catalog. Edit the condition, or ask a data engineer."""


class CannotCompile(SegbotError):
    """This condition can't be counted in your database yet. The rest of the request is unharmed."""


class NoHistory(CannotCompile):
    """segbot has not kept who was in that segment at that time, so it can't tell who entered or left it. Nobody was counted."""


class NamesItself(CannotCompile):
    """These segments name each other in a circle, so nobody can be counted. Edit one of them so that it names the others no more."""


class SegmentGone(UnknownName):
    """A segment, snapshot or list that this request names was deleted. Leave it out, or restore it from the trash."""


class PeopleForgotten(UnknownName):
    """Who was in that snapshot is not kept any more, so nobody can be counted by it. Its number and its dates stay on its card."""


class TooManyListed(CannotCompile):
    """That list or snapshot has more than 100,000 people, too many to ask the customer database about one by one.
    Nobody was counted; use the segment's own conditions, or a smaller list.
    """


class NoLocation(CannotCompile):
    """The catalog does not say where customers live in degrees. Your data engineer can name their latitude and longitude in it."""


class GuardRefused(SegbotError):
    """segbot's own safety check refused this query, so it was not run. Your data engineer finds the reason in the log."""


class WarehouseUnavailable(SegbotError):
    """The customer database can't be reached right now. Nothing was changed; try again in a minute."""


class WarehouseBusy(WarehouseUnavailable):
    """The customer database is busy with other requests. Nothing was changed; try again in a minute."""


class QueryTimedOut(SegbotError):
    """The count took too long and was stopped. Nothing was changed; try a shorter window or fewer conditions."""


class QueryTooLarge(SegbotError):
    """The customer database expects this count to be a lot of work, so it was not begun. Narrow it, or count it anyway."""


class UnsafeDatabase(ConfigurationError):
    """segbot could change data with the role it has in the customer database, so it does not serve."""


class QueryCancelled(SegbotError):
    """The count was stopped. Nothing was changed."""


class AccessDenied(SegbotError):
    """segbot is not allowed to read a table that this request needs. Ask your data engineer to run `segbot grant`."""


class DataMissing(SegbotError):
    """A table or column named in the catalog is not in the database. `segbot catalog check` says which."""


class BadData(SegbotError):
    """The database could not compute this condition on the data it has. Your data engineer finds the reason in the log."""


class StoreUnavailable(SegbotError):
    """segbot's own store can't be reached right now, so nothing was saved. Try again in a minute."""


class NotFound(SegbotError):
    """This is no longer here: it was deleted, or the message is older than segbot's memory. Type the request again."""


class NotAllowed(SegbotError):
    """You don't have the right to do this here. Ask one of your segbot admins."""


class ChangedMeanwhile(SegbotError):
    """Somebody changed this in the meantime. Nothing of theirs was overwritten; look at the new state and try again."""
