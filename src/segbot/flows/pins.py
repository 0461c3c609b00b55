"""People pinned in or out by hand: keys and e-mail addresses as pasted, each looked up in the customer database.

What is kept are keys. An address is compared inside the database and comes back to nobody but the person who typed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from segbot.flows.desk import Actor, Desk
from segbot.flows.form import FormProblem
from segbot.flows.sizing import members
from segbot.model.condition import Has, Listed
from segbot.model.operators import Operator
from segbot.sql.compile import compile_preview
from segbot.warehouse.line import Errand, on_behalf_of

MOST_PINNED = 1_000
"""People that are pinned by hand at once; longer lists are uploaded."""

_NAMED = 8
_APART = re.compile(r"[\s,;<>\"']+")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted: customer keys and e-mail addresses, each once."""

    keys: tuple[str, ...]
    addresses: tuple[str, ...]


def pasted(text: str) -> Pasted:
    """Keys and addresses apart by spaces, commas, semicolons or lines: `12, 15 ann@example.com`."""
    words = [word.removeprefix("mailto:").lstrip("#").strip("()[]").rstrip(".") for word in _APART.split(text)]
    each = dict.fromkeys(word for word in words if word)
    return Pasted(tuple(w for w in each if "@" not in w), tuple(w.casefold() for w in each if "@" in w))


async def look_up(desk: Desk, actor: Actor, field: str, text: str) -> tuple[str, ...] | FormProblem:
    """The keys of the customers that a pasted text names, or which of them nobody is. Raises what the warehouse raises."""
    given = pasted(text)
    if len(given.keys) + len(given.addresses) > MOST_PINNED:
        return FormProblem(field, f"At most {MOST_PINNED:,} people can be pinned here.")
    noun = desk.house.catalog.customers.noun
    with on_behalf_of(Errand(actor.team, actor.user)):
        found = await _keys(desk, given.keys)
        by_address = await _by_address(desk, given.addresses)
    if by_address is None:
        return FormProblem(field, f"There are no e-mail addresses in this catalog. Please paste the {noun}'s key.")
    unknown = [key for key in given.keys if key not in found]
    unknown += [address for address in given.addresses if address not in by_address]
    if unknown:
        named = ", ".join(unknown[:_NAMED]) + (f" and {len(unknown) - _NAMED:,} more" if len(unknown) > _NAMED else "")
        return FormProblem(field, f"Nobody here is: {named}")
    people = [*given.keys, *(key for address in given.addresses for key in by_address[address])]
    return tuple(dict.fromkeys(people))


async def _keys(desk: Desk, keys: tuple[str, ...]) -> frozenset[str]:
    house = desk.house
    if house.catalog.customers.key_type == "integer":
        keys = tuple(key for key in keys if re.fullmatch(r"\d{1,18}", key))
    elif house.catalog.customers.key_type == "uuid":
        keys = tuple(key for key in keys if re.fullmatch(r"[0-9a-fA-F-]{32,36}", key))
    if not keys:
        return frozenset()
    result = await desk.warehouse.rows(members(house, Listed(keys), house.moment(desk.clock())))
    return frozenset(str(row[0]) for row in result.rows)


async def _by_address(desk: Desk, addresses: tuple[str, ...]) -> dict[str, tuple[str, ...]] | None:
    """The keys by address; None where the catalog has no address to compare with."""
    if not addresses:
        return {}
    house = desk.house
    field = next((a for a in house.catalog.attributes if a.contact == "email"), None)
    if field is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    statement = compile_preview(
        Has(field.key, Operator.IS, addresses),
        house.catalog,
        house.moment(desk.clock()),
        (field.key,),
        MOST_PINNED * 10,
        masked=False,
        base=house.base,
        segments=house.segments,
    )
    for key, address, *_ in (await desk.warehouse.rows(statement)).rows:
        name = str(address).casefold()
        found[name] = (*found.get(name, ()), str(key))
    return found
