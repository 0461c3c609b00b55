"""What to tell a person when something fails: what happened, what is safe, what to do next. The log has the rest."""

from __future__ import annotations

from segbot.errors import (
    AccessDenied,
    BadData,
    CannotCompile,
    ChangedMeanwhile,
    ConfigurationError,
    DataMissing,
    GuardRefused,
    NamesItself,
    NoHistory,
    NoLocation,
    NotAllowed,
    NotFound,
    PeopleForgotten,
    QueryCancelled,
    QueryTimedOut,
    QueryTooLarge,
    SegbotError,
    SegmentGone,
    StoreUnavailable,
    TooManyListed,
    UnknownName,
    WarehouseBusy,
    WarehouseUnavailable,
)
from segbot.model.cards import Notice, NoticeCard

_TITLES: dict[type[SegbotError], str] = {
    WarehouseBusy: "Many are counting right now",
    WarehouseUnavailable: "The customer database doesn't answer",
    StoreUnavailable: "segbot's memory doesn't answer",
    QueryTimedOut: "That took too long",
    QueryTooLarge: "That is a lot to count",
    QueryCancelled: "Stopped",
    AccessDenied: "segbot may not read that table",
    DataMissing: "The database has changed",
    BadData: "The data got in the way",
    TooManyListed: "That list is too long",
    NoHistory: "That was not kept",
    NamesItself: "A segment names itself",
    NoLocation: "Nobody knows where they live",
    SegmentGone: "A segment is gone",
    PeopleForgotten: "Those people are not kept",
    CannotCompile: "That can't be counted yet",
    GuardRefused: "The safety check said no",
    UnknownName: "Part of this is no longer in the catalog",
    NotFound: "This card is too old",
    NotAllowed: "Not allowed",
    ChangedMeanwhile: "Somebody was faster",
    ConfigurationError: "segbot isn't set up correctly",
}
_WORTH_A_RETRY = (WarehouseUnavailable, StoreUnavailable, QueryTimedOut, QueryCancelled)


def notice(error: BaseException, reference: str) -> NoticeCard:
    """The card for a failure. `reference` is the id under which the log tells the operator why."""
    if not isinstance(error, SegbotError):
        error = SegbotError()
    title = next((t for cls, t in _TITLES.items() if isinstance(error, cls)), "Something went wrong")
    # A configuration's sentence may name hosts and settings: those are for the log, not for a channel.
    text = ConfigurationError.__doc__ or "" if isinstance(error, ConfigurationError) else error.sentence
    return NoticeCard(
        Notice(title, " ".join(text.split()), reference=reference, retry=isinstance(error, _WORTH_A_RETRY))
    )
