"""Distances from a place: within 50 miles of Austin, near 78701, more than 100 km from Chicago."""

from __future__ import annotations

from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import Condition, Has, Near, Not, all_of, any_of
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Distance, Note, Number, Ready, Spot, Test

NEAR_KM = 50
"""What "near" means unless a distance is said."""
_WIDER_KM = 100

_UNITS = {"km": "km|kms|kilometer|kilometers|kilometre|kilometres", "miles": "mile|miles|mi"}
_OF = "of|from|around"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _prefixes(g)
    _distances(g)
    _spots(g)
    _near(g)


def _prefixes(g: Grammar) -> None:
    @g.rule("TEST", "PREFIX", "IN? ATTR IS? PREFIX", "IN PREFIX", cost=-0.6, examples=("zip 787xx",))
    def beginning(scene: Scene, *parts: Any) -> Test | None:
        """The digits of a postal code that are said, the others any."""
        field = scene.role(Role.POSTAL_CODE)
        named = next((p for p in parts if isinstance(p, Attr)), None)
        if field is None or (named is not None and field not in scene.attributes(named)):
            return None
        return Test(field.key, Operator.STARTS_WITH, (parts[-1].value,))


def _distances(g: Grammar) -> None:
    for unit, words in _UNITS.items():

        @g.rule("DISTANCE", f"NUM {words}", name=f"a distance in {unit}", cost=-0.2)
        def distance(_: Scene, number: Number, unit: str = unit) -> Distance | None:
            return Distance(number.value, unit == "miles") if not number.unit and 0 < number.value <= 12_400 else None


def _spots(g: Grammar) -> None:
    @g.rule("SPOTS", "SPOT")
    def one_spot(_: Scene, spot: Spot) -> tuple[Spot, ...]:
        return (spot,)

    @g.rule("SPOTS", "SPOT OR|AND|COMMA SPOTS", "SPOT COMMA OR|AND SPOTS", cost=-0.8)
    def several(_: Scene, spot: Spot, *rest: Any) -> tuple[Spot, ...]:
        """Within 50 miles of Austin or Dallas: of either."""
        return (spot, *rest[-1])

    @g.rule("SPOT", "city|town|downtown|central|greater|metro of? SPOT", "SPOT area|region|metro", cost=-0.1)
    def around_spot(_: Scene, spot: Spot) -> Spot:
        return spot

    @g.rule("SPOT", "zip|zipcode|postcode SPOT", "zip code SPOT", "ATTR SPOT", cost=-0.1)
    def coded(scene: Scene, *parts: Any) -> Spot | None:
        named = next((p for p in parts if isinstance(p, Attr)), None)
        if named is not None and not any(f.role in (Role.POSTAL_CODE, Role.CITY) for f in scene.attributes(named)):
            return None
        spot = parts[-1]
        assert isinstance(spot, Spot)
        return spot

    for name, north, east in (("", 1, 1), ("DASH ", -1, 1)):
        for after, west in ((" COMMA", 1), (" COMMA DASH", -1)):

            @g.rule("SPOT", f"{name}NUM{after} NUM", name=f"a point {north}{east * west}", cost=0.2)
            def point(_: Scene, *parts: Any, north: int = north, west: int = west) -> Spot | None:
                numbers = [p for p in parts if isinstance(p, Number)]
                latitude, longitude = north * numbers[0].value, west * numbers[1].value
                decimals = all(isinstance(n.value, float) for n in numbers)
                if not decimals or abs(latitude) > 90 or abs(longitude) > 180:
                    return None
                return Spot("", latitude, longitude)


def _near(g: Grammar) -> None:
    within = "within|inside|in"

    @g.rule(
        "READY",
        f"LIVE? {within} DISTANCE {_OF} SPOTS",
        f"LIVE? {within} DISTANCE radius {_OF} SPOTS",
        f"DISTANCE radius {_OF} SPOTS",
        f"LIVE? LT|LE DISTANCE {_OF} SPOTS",
        "LIVE? LT|LE DISTANCE away from SPOTS",
        "LIVE? DISTANCE LESS_AFTER from SPOTS",
        f"LIVE? {within} DISTANCE drive? distance? {_OF} SPOTS",
        f"LIVE? DISTANCE {_OF} SPOTS",
        cost=-1.5,
        examples=(),
    )
    def within_distance(scene: Scene, *parts: Any) -> Ready | None:
        return _ready(scene, any_of(_near_of(parts)))

    @g.rule(
        "READY",
        f"LIVE? GT|GE DISTANCE {_OF} SPOTS",
        "LIVE? GT|GE DISTANCE away from SPOTS",
        "LIVE? further|farther than DISTANCE from SPOTS",
        "LIVE? outside DISTANCE of|from|around SPOTS",
        "LIVE? beyond DISTANCE of|from SPOTS",
        "LIVE? outside DISTANCE radius of|from|around SPOTS",
        cost=-2.5,
    )
    def beyond(scene: Scene, *parts: Any) -> Ready | None:
        return _ready(scene, any_of(_near_of(parts)), beyond=True)

    @g.rule(
        "READY",
        "LIVE? near|nearby|around SPOTS",
        "LIVE? near to SPOTS",
        "LIVE? close to SPOTS",
        "LIVE? in vicinity of SPOTS",
        "LIVE? IN SPOTS area",
        cost=-0.8,
    )
    def near(scene: Scene, *parts: Any) -> Ready | None:
        spots = next(p for p in parts if isinstance(p, tuple))
        close, wider = (any_of(_around(spots, km, miles=False)) for km in (NEAR_KM, _WIDER_KM))
        note = Note(
            "near_distance",
            f"“near” means within {NEAR_KM} km",
            f"Within {_WIDER_KM} km",
            (("condition", wider),),
        )
        return _ready(scene, close, note)


def _near_of(parts: tuple[Any, ...]) -> list[Condition]:
    distance = next(p for p in parts if isinstance(p, Distance))
    return _around(next(p for p in parts if isinstance(p, tuple)), distance.value, miles=distance.miles)


def _around(spots: tuple[Spot, ...], distance: int | float, *, miles: bool) -> list[Condition]:
    return [Near(s.latitude, s.longitude, distance, "miles" if miles else "km", s.label) for s in spots]


def _ready(scene: Scene, near: Condition, *notes: Note, beyond: bool = False) -> Ready | None:
    """A condition on where people live, if that is known at all; farther away are those of whom it is known."""
    latitude = scene.role(Role.LATITUDE)
    if latitude is None or scene.role(Role.LONGITUDE) is None:
        return None
    known: list[Condition] = [Has(latitude.key, Operator.IS_SET), Not(near)]
    return Ready(all_of(known) if beyond else near, notes)
