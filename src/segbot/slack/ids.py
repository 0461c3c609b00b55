"""Every name that segbot gives to Slack and gets back: actions, modals, fields, and the values of buttons.

A button is pressed weeks after it was drawn, by a newer segbot. So its value holds ids and indexes only, in one
format with a version, and whatever can't be read any more is told to the person instead of guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

COMMAND = "/segment"

_MAX_WORDS = 1500


class Action(StrEnum):
    """What pressing a button or picking an option means. Indexes may follow: `segbot.choose:0:1`."""

    PREVIEW = "segbot.preview"
    SHOW_SQL = "segbot.show_sql"
    SAVE = "segbot.save"
    SHARE = "segbot.share"
    RETRY = "segbot.retry"
    STOP = "segbot.stop"
    COUNT_AGAIN = "segbot.count_again"
    COUNT_ANYWAY = "segbot.count_anyway"
    NARROW = "segbot.narrow"
    CHOOSE = "segbot.choose"
    SWITCH = "segbot.switch"
    REPLACE = "segbot.replace"
    TRY = "segbot.try"
    LEAVE_OUT = "segbot.leave_out"
    AS_TYPED = "segbot.as_typed"
    REWORD = "segbot.reword"
    DEFINE = "segbot.define"
    ASK_OWNER = "segbot.ask_owner"
    ASK_TO_KEEP = "segbot.ask_to_keep"
    KEEP_MEANING = "segbot.keep_meaning"
    APPROVE = "segbot.approve"
    DECLINE = "segbot.decline"
    FORGET = "segbot.forget"
    RATE = "segbot.rate"
    ASSIST = "segbot.assist"
    USE_PROPOSAL = "segbot.use_proposal"
    DROP_PROPOSAL = "segbot.drop_proposal"
    UNDO = "segbot.undo"
    APPLY = "segbot.apply"
    CHANGE = "segbot.change"
    MOVE = "segbot.move"
    BUILD = "segbot.build"
    BUILD_DO = "segbot.build_do"
    BUILD_ADD = "segbot.build_add"
    BUILD_WORDS = "segbot.build_words"
    BUILD_FILTER = "segbot.build_filter"
    BUILD_ELIGIBLE = "segbot.build_eligible"
    BUILD_PINS = "segbot.build_pins"
    BUILD_OVER = "segbot.build_over"
    BUILD_RESTART = "segbot.build_restart"
    PAGE = "segbot.page"
    COLUMNS = "segbot.columns"
    CUSTOMER = "segbot.customer"
    LOOK_UP = "segbot.look_up"
    STILL_RIGHT = "segbot.still_right"
    TOUR = "segbot.tour"
    TOUR_LATER = "segbot.tour_later"

    OPEN = "segbot.open"
    REOPEN = "segbot.reopen"
    STAR = "segbot.star"
    MORE = "segbot.more"
    LINK = "segbot.link"
    NEW = "segbot.new"
    HOME_TAB = "segbot.home_tab"
    HOME_PAGE = "segbot.home_page"
    HOME_SEARCH = "segbot.home_search"
    HOME_TAG = "segbot.home_tag"
    HOME_STATE = "segbot.home_state"
    HOME_OWNER = "segbot.home_owner"
    HOME_CHANNEL = "segbot.home_channel"
    HOME_SORT = "segbot.home_sort"
    HOME_CLEAR = "segbot.home_clear"
    TAKE_BACK = "segbot.take_back"

    def at(self, *indexes: int) -> str:
        """The action id of one of several like it, unique in its message: `segbot.choose:0:1`."""
        return ":".join([self.value, *map(str, indexes)])

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the action ids of all of its kind."""
        return re.compile(rf"^{re.escape(self.value)}(:\d+)*$")


class Callback(StrEnum):
    """Which modal it is."""

    SAVE = "segbot.save"
    SHOW = "segbot.show"
    REWORD = "segbot.reword"
    DEFINE = "segbot.define"
    RATE = "segbot.rate"
    LOOK_UP = "segbot.look_up"
    PREVIEW = "segbot.preview"
    NEW = "segbot.new"
    RENAME = "segbot.rename"
    EDIT = "segbot.edit"
    TRASH = "segbot.trash"
    CHANGE = "segbot.change"
    BUILD = "segbot.build"
    CONDITION = "segbot.condition"
    ELIGIBLE = "segbot.eligible"
    PINS = "segbot.pins"


class Shortcut(StrEnum):
    """The entries of Slack's shortcut menus and the workflow step, as the manifest names them."""

    NEW = "segbot_new_segment"
    FROM_MESSAGE = "segbot_from_message"
    STEP = "count_segment"


class Field(StrEnum):
    """The inputs of modals: their action id, and the id of their block, where Slack shows a field's error."""

    NAME = "name"
    NOTE = "note"
    TAGS = "tags"
    WORDS = "words"
    MEANS = "means"
    REASON = "reason"
    COMMENT = "comment"
    WHO = "who"
    SEEN = "seen"
    PEOPLE = "people"
    CHANNELS = "channels"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Value:
    """What a button is about: a request, and up to two indexes into what its card shows."""

    request: str
    a: int = 0
    b: int = 0

    def __str__(self) -> str:
        return f"1|{self.request}|{self.a}|{self.b}"


_VALUE = re.compile(r"1\|(?P<request>[A-Za-z0-9_-]{1,64})\|(?P<a>\d{1,12})\|(?P<b>\d{1,12})")


def read_value(text: str) -> Value | None:
    """The value of a button, or None when it is of another version or no value of ours."""
    found = _VALUE.fullmatch(text)
    return Value(found["request"], int(found["a"]), int(found["b"])) if found else None


def write_words(words: str) -> str:
    """The value of a button that asks for these words, as its label says."""
    return "w|" + words[:_MAX_WORDS]


def read_words(text: str) -> str | None:
    """The words of a button that asks for words."""
    return text[2:] if text.startswith("w|") else None


def write_change(request: str, words: str) -> str:
    """The value of a button that changes a request by these words."""
    return f"c|{request}|{words[:_MAX_WORDS]}"


def read_change(text: str) -> tuple[str, str] | None:
    """The request and the words of a button that changes it."""
    found = re.fullmatch(r"c\|([A-Za-z0-9_-]{1,64})\|(.+)", text, re.DOTALL)
    return (found[1], found[2]) if found else None


def write_customer(request: str, key: str) -> str:
    """The value of a button that opens one customer of a request."""
    return f"p|{request}|{key}"


def read_customer(text: str) -> tuple[str, str] | None:
    """The request and the customer's key of a button."""
    found = re.fullmatch(r"p\|([A-Za-z0-9_-]{1,64})\|(.{1,500})", text, re.DOTALL)
    return (found[1], found[2]) if found else None


NEW = "new"
"""The request of a button that builds a new segment."""

_INPUT = "segbot.field."
INPUT_PATTERN = re.compile(rf"^{re.escape(_INPUT)}[a-z0-9_]+$")
"""Matches the action ids of the builder's inputs."""


def write_input(name: str) -> str:
    """The action id of an input of the builder."""
    return _INPUT + name


def read_input(action: str) -> str | None:
    """The name of an input of the builder, or None for all else."""
    return action.removeprefix(_INPUT) if INPUT_PATTERN.match(action) else None


@dataclass(frozen=True, slots=True)
class Pick:
    """What an option of a condition's menu does: a verb, the key of the condition, and for a step what comes out."""

    verb: str
    key: int = 0
    to: int = 0

    def __str__(self) -> str:
        return f"p|{self.verb}|{self.key}|{self.to}"


_PICK = re.compile(r"p\|(?P<verb>[a-z_]{1,20})\|(?P<key>\d{1,12})\|(?P<to>\d{1,12})")


def read_pick(text: str) -> Pick | None:
    """The option of a condition's menu, or None when it is of another version."""
    found = _PICK.fullmatch(text)
    return Pick(found["verb"], int(found["key"]), int(found["to"])) if found else None
