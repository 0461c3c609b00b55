"""A make-up as a picture: bars of the segment beside bars of everybody, and the same in words for those who don't see it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from segbot.model.snapshot import Makeup

_SEGMENT, _EVERYBODY, _TEXT = "#1d6fa5", "#c9ced6", "#1d1c1d"
_WIDTH, _BAR, _HEAD = 6.4, 0.42, 0.62  # inches
_LABEL = 26
_MOST_ALT = 1900


def draw(makeup: Sequence[Makeup], title: str, noun: str) -> bytes:
    """A PNG, readable on a phone. Blocks for some tenths of a second: call it in a thread."""
    # Loaded with the first picture: it would make every start a third longer.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    heights = [_HEAD + _BAR * len(one.slices) for one in makeup]
    figure = Figure(figsize=(_WIDTH, sum(heights) + 0.9), dpi=150, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)  # draws without any window or global state, so in any thread
    figure.suptitle(_plain(title, 60), fontsize=12, fontweight="bold", color=_TEXT)
    grid = figure.add_gridspec(len(makeup), 1, height_ratios=heights)
    for row, one in enumerate(makeup):
        axes = figure.add_subplot(grid[row, 0])
        places = range(len(one.slices))
        axes.barh([p - 0.19 for p in places], [s.part * 100 for s in one.slices], 0.36, color=_SEGMENT)
        axes.barh([p + 0.19 for p in places], [s.whole * 100 for s in one.slices], 0.36, color=_EVERYBODY)
        for place, part in enumerate(one.slices):
            axes.text(part.part * 100, place - 0.19, f" {_percent(part.part)}", va="center", fontsize=8, color=_TEXT)
            axes.text(
                part.whole * 100, place + 0.19, f" {_percent(part.whole)}", va="center", fontsize=8, color="#5b5f66"
            )
        axes.set_yticks([*places], [_plain(s.label, _LABEL) for s in one.slices], fontsize=9, color=_TEXT)
        axes.invert_yaxis()
        axes.set_xlim(0, max(max(s.part, s.whole) for s in one.slices) * 118 or 1)
        axes.set_title(_plain(one.attribute, 50), fontsize=10, loc="left", color=_TEXT)
        axes.xaxis.set_visible(False)
        axes.tick_params(left=False)
        for side in ("top", "right", "bottom", "left"):
            axes.spines[side].set_visible(False)
    key = [Patch(color=_SEGMENT, label="this segment"), Patch(color=_EVERYBODY, label=_plain(f"all {noun}", 40))]
    figure.legend(handles=key, loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def in_words(makeup: Sequence[Makeup], noun: str) -> str:
    """What the picture shows: the values in which the segment differs most from everybody."""
    said = []
    for one in makeup:
        telling = sorted(one.slices, key=lambda s: -abs(s.part - s.whole))[:3]
        values = ", ".join(f"{s.label} {_percent(s.part)} (all {noun} {_percent(s.whole)})" for s in telling)
        said.append(f"{one.attribute}: {values}")
    words = "Bar charts of the segment beside everybody. " + ". ".join(said) + "."
    return words if len(words) <= _MOST_ALT else words[: _MOST_ALT - 1].rstrip() + "…"


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _plain(text: str, limit: int) -> str:
    """Text in which nothing is markup (a dollar sign begins a formula), cut to fit."""
    clean = " ".join(text.split()).replace("\\", "/").replace("$", r"\$")
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"
