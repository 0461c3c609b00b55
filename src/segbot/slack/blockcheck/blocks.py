"""The blocks: one entry a type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segbot.slack.blockcheck.elements import element_in, image_rule
from segbot.slack.blockcheck.limits import LIMITS, SURFACES
from segbot.slack.blockcheck.richtext import RICH_TEXT
from segbot.slack.blockcheck.rules import (
    BLOCK_ID,
    TYPE,
    Extra,
    Rule,
    Run,
    anything,
    array,
    at_least_one,
    boolean,
    choice,
    counted_text,
    limited,
    markup,
    number,
    one_of_types,
    plain,
    record,
    string_of,
)

CELLS: Mapping[str, Rule] = {
    "raw_text": record({"type": TYPE, "text": counted_text}, ("text",)),
    "raw_number": record({"type": TYPE, "value": number(whole=False), "text": counted_text}, ("value", "text")),
    "rich_text": RICH_TEXT,
}
CELL = one_of_types(CELLS, CELLS, "a table cell")


def chars(value: object) -> int:
    """The characters of all `text` properties inside."""
    if isinstance(value, Mapping):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(chars(inner) for name, inner in value.items() if name != "text")
    if isinstance(value, list | tuple):
        return sum(chars(inner) for inner in value)
    return 0


_COLUMN = record({"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column(run: Run, at: str, value: object) -> None:
    """The settings of one column of a table; null keeps the defaults."""
    if value is not None:
        _COLUMN(run, at, value)


def _data_table_shape(run: Run, at: str, value: Mapping[str, object]) -> None:
    given = value.get("rows")
    rows = [row for row in given if isinstance(row, list)] if isinstance(given, list) else []
    if len({len(row) for row in rows}) > 1:
        run.report(f"{at}/rows", "conflict", "all rows must have the same number of columns")
    for index, cell in enumerate(rows[0] if rows else ()):
        if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
            run.report(f"{at}/rows/0/{index}", "not_allowed", "a header cell may not be rich_text")
    if chars(rows) > LIMITS["data_table.content.max_length"]:
        run.report(f"{at}/rows", "too_long", "the cells hold more than 20000 characters")
    header = value.get("row_header_column_index")
    if isinstance(header, int) and rows and not 0 <= header < len(rows[0]):
        run.report(f"{at}/row_header_column_index", "out_of_range", "must be the index of a column")


_POINT = record(
    {"label": limited("data_visualization.point_label.max_length"), "value": number(whole=False)},
    ("label", "value"),
)


def _positive(run: Run, at: str, value: object) -> None:
    _POINT(run, at, value)
    amount = value.get("value") if isinstance(value, Mapping) else None
    if isinstance(amount, int | float) and amount <= 0:
        run.report(f"{at}/value", "out_of_range", "must be greater than 0")


def _series_fit(run: Run, at: str, value: Mapping[str, object]) -> None:
    raw, axis = value.get("series"), value.get("axis_config")
    series = [s for s in raw if isinstance(s, Mapping)] if isinstance(raw, list) else []
    names = [s.get("name") for s in series]
    if len(set(map(str, names))) != len(names):
        run.report(f"{at}/series", "duplicate", "series names must be unique")
    categories = axis.get("categories") if isinstance(axis, Mapping) else None
    for index, one in enumerate(series):
        points = one.get("data")
        labels = [p.get("label") for p in points if isinstance(p, Mapping)] if isinstance(points, list) else []
        if isinstance(categories, list) and sorted(map(str, labels)) != sorted(map(str, categories)):
            run.report(f"{at}/series/{index}/data", "conflict", "one point for every category is required")


_SERIES = record(
    {
        "name": limited("data_visualization.series_name.max_length"),
        "data": array(_POINT, LIMITS["data_visualization.data.max_items"]),
    },
    ("name", "data"),
)
_AXES = record(
    {
        "categories": array(
            limited("data_visualization.point_label.max_length"),
            LIMITS["data_visualization.categories.max_items"],
        ),
        "x_label": limited("data_visualization.axis_label.max_length"),
        "y_label": limited("data_visualization.axis_label.max_length"),
    },
    ("categories",),
)
_AXIS_CHART = record(
    {
        "type": TYPE,
        "series": array(_SERIES, LIMITS["data_visualization.series.max_items"]),
        "axis_config": _AXES,
    },
    ("series", "axis_config"),
    _series_fit,
)
CHARTS: Mapping[str, Rule] = {
    "pie": record(
        {"type": TYPE, "segments": array(_positive, LIMITS["data_visualization.segments.max_items"])},
        ("segments",),
    ),
    "bar": _AXIS_CHART,
    "line": _AXIS_CHART,
    "area": _AXIS_CHART,
}


# ---- blocks ----------------------------------------------------------------------------------------------


def _block(fields: Mapping[str, Rule], required: Iterable[str] = (), extra: Extra | None = None) -> Rule:
    return record({"type": TYPE, "block_id": BLOCK_ID, **fields}, required, extra)


def _markdown_text(run: Run, at: str, value: object) -> None:
    limited("markdown.text.max_length")(run, at, value)
    if isinstance(value, str):
        run.markdown_chars += len(value)
        run.total_chars += len(value)


def _action_ids_differ(run: Run, at: str, value: Mapping[str, object]) -> None:
    """Within one block an action_id names one element."""
    seen: set[str] = set()
    elements = value.get("elements")
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        action_id = element.get("action_id") if isinstance(element, Mapping) else None
        if not isinstance(action_id, str):
            continue  # absent, or reported by its own rule
        if action_id in seen:
            run.report(
                f"{at}/elements/{index}/action_id",
                "duplicate",
                f"`action_id` {action_id} already exists for another element",
            )
        seen.add(action_id)


def _input_fits(run: Run, at: str, value: Mapping[str, object]) -> None:
    element = value.get("element")
    kind = element.get("type") if isinstance(element, Mapping) else None
    if kind == "file_input" and run.surface != "modal":
        run.report(f"{at}/element/type", "wrong_surface", "file_input is allowed in modals only")
    if isinstance(element, Mapping) and element.get("response_url_enabled") and run.surface != "modal":
        run.report(
            f"{at}/element/response_url_enabled",
            "wrong_surface",
            "response_url_enabled is allowed in modals only",
        )


def _container_head(run: Run, at: str, value: Mapping[str, object]) -> None:
    at_least_one("title", "rich_text_title")(run, at, value)
    if value.get("is_collapsible") and value.get("has_header_divider"):
        run.report(f"{at}/has_header_divider", "conflict", "cannot be set when is_collapsible is true")
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        run.report(f"{at}/default_collapsed", "conflict", "requires is_collapsible")


_IMAGE = element_in("image")

_TASK_CARD = _block(
    {
        "task_id": string_of(),
        "title": string_of(),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(record({"type": choice("url"), "url": string_of(), "text": string_of()}, ("url",)), low=0),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    ("task_id", "title", "status"),
)
_CARD = _block(
    {
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "title": markup("card.title.max_length"),
        "subtitle": markup("card.subtitle.max_length"),
        "body": markup("card.body.max_length"),
        "actions": array(element_in("card.actions"), LIMITS["card.actions.max_items"]),
    },
    (),
    at_least_one("hero_image", "title", "actions", "body"),
)


def _card_only(run: Run, at: str, value: object) -> None:
    check_block(run, at, value, frozenset({"card"}))


def _child(run: Run, at: str, value: object) -> None:
    check_block(run, at, value, frozenset(BLOCKS) - {"container"})


BLOCKS: Mapping[str, Rule] = {
    "section": _block(
        {
            "text": markup("section.text.max_length"),
            "fields": array(markup("section.fields.item_max_length"), LIMITS["section.fields.max_items"]),
            "accessory": element_in("section.accessory"),
            "expand": boolean,
        },
        (),
        at_least_one("text", "fields"),
    ),
    "divider": _block({}),
    "header": _block({"text": plain("header.text.max_length")}, ("text",)),
    "image": image_rule({"block_id": BLOCK_ID, "title": plain("image.title.max_length")}),
    "context": _block(
        {"elements": array(element_in("context.elements"), LIMITS["context.elements.max_items"])},
        ("elements",),
    ),
    "actions": _block(
        {"elements": array(element_in("actions.elements"), LIMITS["actions.elements.max_items"])},
        ("elements",),
        _action_ids_differ,
    ),
    "context_actions": _block(
        {"elements": array(element_in("context_actions.elements"), LIMITS["context_actions.elements.max_items"])},
        ("elements",),
        _action_ids_differ,
    ),
    "input": _block(
        {
            "label": plain("input.label.max_length"),
            "hint": plain("input.hint.max_length"),
            "element": element_in("input.element"),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        ("label", "element"),
        _input_fits,
    ),
    "markdown": _block({"text": _markdown_text}, ("text",)),
    "rich_text": RICH_TEXT,
    "file": _block({"external_id": string_of(), "source": string_of()}, ("external_id", "source")),
    "call": _block({"call_id": string_of(), "call": anything, "api_decoration_available": boolean}, ("call_id",)),
    "video": _block(
        {
            "alt_text": limited("video.alt_text.max_length"),
            "title": plain("video.title.max_length"),
            "description": plain("video.description.max_length"),
            "author_name": limited("video.author_name.max_length"),
            "provider_name": limited("video.provider_name.max_length"),
            "video_url": limited("video.video_url.max_length"),
            "thumbnail_url": limited("video.thumbnail_url.max_length"),
            "title_url": limited("video.title_url.max_length"),
            "provider_icon_url": limited("video.provider_icon_url.max_length"),
        },
        ("alt_text", "title", "video_url", "thumbnail_url"),
    ),
    "table": _block(
        {
            "rows": array(array(CELL, LIMITS["table.columns.max_items"]), LIMITS["table.rows.max_items"]),
            "column_settings": array(
                _column,
                LIMITS["table.column_settings.max_items"],
            ),
        },
        ("rows",),
    ),
    "data_table": _block(
        {
            "caption": string_of(),
            "rows": array(
                array(CELL, LIMITS["data_table.columns.max_items"]),
                LIMITS["data_table.rows.max_items"],
                LIMITS["data_table.rows.min_items"],
            ),
            "page_size": number(1, LIMITS["data_table.page_size.max"]),
            "row_header_column_index": number(0),
        },
        ("caption", "rows"),
        _data_table_shape,
    ),
    "data_visualization": _block(
        {
            "title": limited("data_visualization.title.max_length"),
            "chart": one_of_types(CHARTS, CHARTS, "a data visualization"),
        },
        ("title", "chart"),
    ),
    "task_card": _TASK_CARD,
    "plan": _block(
        {
            "title": string_of(),
            "tasks": array(_TASK_CARD, LIMITS["plan.tasks.max_items"], 0),
        },
        ("title",),
    ),
    "alert": _block(
        {
            "text": markup("alert.text.max_length"),
            "level": choice("default", "info", "warning", "error", "success"),
        },
        ("text",),
    ),
    "card": _CARD,
    "carousel": _block(
        {
            "elements": array(
                _card_only,
                LIMITS["carousel.elements.max_items"],
            )
        },
        ("elements",),
    ),
    "container": _block(
        {
            "title": plain("container.title.max_length"),
            "rich_text_title": RICH_TEXT,
            "subtitle": markup("container.subtitle.max_length"),
            "child_blocks": array(
                _child,
                LIMITS["container.child_blocks.max_items"],
            ),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": _IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        ("child_blocks",),
        _container_head,
    ),
}


def check_block(run: Run, at: str, value: object, allowed: frozenset[str] = frozenset(BLOCKS)) -> None:
    """One block where only `allowed` types may stand: its type, its surface, its block_id, its own rule."""
    one_of_types(BLOCKS, allowed, "this place")(run, at, value)
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(kind, str) or kind not in allowed:
        return
    if run.surface not in SURFACES[kind]:
        run.report(f"{at}/type", "wrong_surface", f"{kind} is not allowed in a {run.surface}")
    block_id = value.get("block_id")
    if isinstance(block_id, str):
        if block_id in run.block_ids:
            run.report(
                f"{at}/block_id",
                "duplicate",
                f"`block_id` {block_id} already exists at {run.block_ids[block_id]}",
            )
        run.block_ids.setdefault(block_id, at)
