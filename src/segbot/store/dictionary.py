"""The words of the house that people confirmed in Slack: "high-value" means 3 or more orders. Beside those of the catalog file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, Update, delete, func, insert, select, text, update

from segbot.model.catalog import Term
from segbot.store import tables
from segbot.store.trees import comparable, new_id
from segbot.store.work import Work

_terms, _words = tables.terms, tables.term_words


@dataclass(frozen=True, slots=True)
class HouseTerm:
    """A confirmed term: the words for it, what they mean (in words that the reader understands), and who said so."""

    id: str
    team: str
    term: str
    words: tuple[str, ...]
    means: str
    note: str
    author: str
    created_at: datetime

    def as_catalog_term(self) -> Term:
        """The same in the catalog's form, for the reader. Its key is like none in a catalog file."""
        return Term(key=f"house {self.id}", words=self.words, means=self.means, note=self.note)


@dataclass(frozen=True, slots=True)
class WordTaken:
    """A word already belongs to another term of the team."""

    word: str
    term: str


class Dictionary:
    """The house dictionaries of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def define(
        self,
        team: str,
        term: str,
        *,
        words: Sequence[str],
        means: str,
        author: str,
        now: datetime,
        note: str = "",
        replace: bool = True,
    ) -> HouseTerm | WordTaken:
        """Define a term, in place of its earlier meaning if it had one (which stays in the table, retired).

        Without `replace` a term that is in use is left as it is. The term's own name is always one of its words.
        """
        term = " ".join(term.split())
        spoken = {comparable(word): " ".join(word.split()) for word in (term, *words) if comparable(word)}
        new = HouseTerm(new_id(), team, term, tuple(spoken.values()), means, note, author, now)
        async with self._work.connection() as connection:
            # One definer of a team at a time: a word is looked up and then taken.
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended('segbot dictionary ' || :team, 0))"), {"team": team}
            )
            taken = await connection.execute(
                select(_words.c.word_key, _terms.c.term)
                .join(_terms, _terms.c.id == _words.c.term_id)
                .where(
                    _words.c.team == team,
                    _words.c.word_key.in_(list(spoken)),
                    *([_terms.c.term_key != comparable(term)] if replace else []),
                )
                .order_by(_words.c.word_key)
            )
            if clash := taken.first():
                return WordTaken(spoken[clash.word_key], clash.term)
            await connection.execute(
                delete(_words).where(
                    _words.c.term_id.in_(
                        select(_terms.c.id).where(_terms.c.team == team, _terms.c.term_key == comparable(term))
                    )
                )
            )
            await connection.execute(_retiring(team, term, now))
            await connection.execute(
                insert(_terms).values(
                    id=new.id,
                    team=team,
                    term=term,
                    term_key=comparable(term),
                    words=list(new.words),
                    means=means,
                    note=note,
                    author=author,
                    created_at=now,
                )
            )
            rows = [{"team": team, "word_key": key, "term_id": new.id} for key in spoken]
            await connection.execute(insert(_words), rows)
        return new

    async def retire(self, team: str, term: str, now: datetime) -> bool:
        """Take a term out of use; whether there was one. Its words are free again."""
        async with self._work.connection() as connection:
            retired = (await connection.execute(_retiring(team, term, now).returning(_terms.c.id))).scalars().all()
            await connection.execute(delete(_words).where(_words.c.term_id.in_(retired)))
        return bool(retired)

    async def version(self, team: str) -> tuple[int, int]:
        """Two counters, at least one of which grows with every change of the team's dictionary; both 0 before the first."""
        statement = select(func.count(), func.count(_terms.c.retired_at)).where(_terms.c.team == team)
        async with self._work.connection() as connection:
            row = (await connection.execute(statement)).one()
        return int(row[0]), int(row[1])

    async def teams(self) -> tuple[str, ...]:
        """The teams that have terms in use."""
        statement = select(_terms.c.team).where(_terms.c.retired_at.is_(None)).distinct().order_by(_terms.c.team)
        async with self._work.connection() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def all(self, team: str) -> tuple[HouseTerm, ...]:
        """The terms in use, by name."""
        statement = select(_terms).where(_terms.c.team == team, _terms.c.retired_at.is_(None))
        async with self._work.connection() as connection:
            rows = await connection.execute(statement.order_by(_terms.c.term_key))
        return tuple(_term(row) for row in rows.mappings())

    async def history(self, team: str, term: str) -> tuple[HouseTerm, ...]:
        """Every meaning that a term has had, newest first."""
        statement = select(_terms).where(_terms.c.team == team, _terms.c.term_key == comparable(term))
        async with self._work.connection() as connection:
            rows = await connection.execute(statement.order_by(_terms.c.created_at.desc(), _terms.c.id))
        return tuple(_term(row) for row in rows.mappings())


def _retiring(team: str, term: str, now: datetime) -> Update:
    return (
        update(_terms)
        .where(_terms.c.team == team, _terms.c.term_key == comparable(term), _terms.c.retired_at.is_(None))
        .values(retired_at=now)
    )


def _term(row: RowMapping) -> HouseTerm:
    return HouseTerm(
        id=row["id"],
        team=row["team"],
        term=row["term"],
        words=tuple(row["words"]),
        means=row["means"],
        note=row["note"],
        author=row["author"],
        created_at=row["created_at"],
    )
