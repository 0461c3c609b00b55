"""Names of groups of places that people use: regions of the United States by state, and groups of countries by ISO code.

A name counts where the catalog has at least one of the places; the tree then lists them, so that everyone sees what it means.
"""

from __future__ import annotations

_NEW_ENGLAND = "CT ME MA NH RI VT"
_MIDDLE_ATLANTIC = "NJ NY PA"
_MIDWEST = "IL IN IA KS MI MN MO NE ND OH SD WI"
_SOUTH = "AL AR DE DC FL GA KY LA MD MS NC OK SC TN TX VA WV"
_WEST = "AK AZ CA CO HI ID MT NV NM OR UT WA WY"
_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_EUROPE = _EU + " AL AD BY BA FO GI IS LI MD MC ME MK NO RU SM RS CH TR UA GB VA XK"
_NORDICS = "DK FI IS NO SE"

STATES: dict[str, tuple[str, ...]] = {
    name: tuple(codes.split())
    for names, codes in (
        (("new england",), _NEW_ENGLAND),
        (("the northeast", "northeast", "the north east", "northeastern"), f"{_NEW_ENGLAND} {_MIDDLE_ATLANTIC}"),
        (("the midwest", "midwest", "the mid west", "midwestern"), _MIDWEST),
        (("the south", "southern states", "the southern states"), _SOUTH),
        (("the west", "western states", "the western states"), _WEST),
        (("west coast", "the west coast"), "CA OR WA"),
        (("pacific northwest", "the pacific northwest", "pnw"), "OR WA"),
        (("east coast", "the east coast"), "ME NH MA RI CT NY NJ DE MD VA NC SC GA FL"),
        (("tri state area", "the tri state area"), "NY NJ CT"),
    )
    for name in names
}

COUNTRIES: dict[str, tuple[str, ...]] = {
    name: tuple(codes.split())
    for names, codes in (
        (("eu", "the eu", "european union", "the european union"), _EU),
        (("europe", "european", "the european continent"), _EUROPE),
        (("scandinavia", "scandinavian"), "DK NO SE"),
        (("the nordics", "nordics", "nordic countries", "the nordic countries"), _NORDICS),
        (("benelux", "the benelux"), "BE NL LU"),
        (("dach", "the dach region", "dach region"), "DE AT CH"),
        (("north america",), "US CA MX"),
    )
    for name in names
}
