"""Cards as flows give them, one of each kind and stage: what the views are tested with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from segbot.flows.define import Definition, OwnerQuestion
from segbot.model.cards import (
    Chip,
    ChoiceLine,
    ConditionLine,
    CorrectionLine,
    EvidenceLine,
    HelpCard,
    MeaningLine,
    Move,
    Notice,
    NoticeCard,
    PreviewCard,
    ProposalCard,
    QuestionLine,
    SavedAs,
    SaveForm,
    SegmentCard,
    ShareCard,
    SqlCard,
    UnreadLine,
    WindowLine,
    WordLine,
    WordsCard,
    WordSpan,
)
from segbot.model.condition import Everyone
from segbot.model.segment import Counted

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 5, 20, 14, 5, tzinfo=ZONE)


def counted(value: int, base: int = 20_000) -> Counted:
    """An exact count as of the tests' now."""
    return Counted(value, base, NOW, seconds=0.04)


def day(year: int, month: int, number: int) -> datetime:
    """Midnight in the tests' zone."""
    return datetime(year, month, number, tzinfo=ZONE)


WORDS = "women over 30 in California who bought twice in the last 90 days but never opened an email"

COUNTING = SegmentCard(
    id="01jxz3",
    title="Women over 30 in California who bought twice in the last 90 days but never opened an email",
    author="U0ANNA",
    sentence=(
        WordSpan("women", "condition"),
        WordSpan(" ", "space"),
        WordSpan("over 30", "condition"),
        WordSpan(" ", "space"),
        WordSpan("in California", "condition"),
        WordSpan(" ", "space"),
        WordSpan("who", "filler"),
        WordSpan(" ", "space"),
        WordSpan("bought twice in the last 90 days", "condition"),
        WordSpan(" ", "space"),
        WordSpan("but never opened an email", "condition"),
    ),
    stage="counting",
    restatement=(
        "women whose age is more than 30, whose state is California, who ordered at least 2 times in the last 90 days"
        " and did not open an email"
    ),
    lines=(
        ConditionLine(0, "Gender is female"),
        ConditionLine(0, "Age is more than 30", "and"),
        ConditionLine(0, "State is California", "and"),
        ConditionLine(0, "Ordered at least 2 times in the last 90 days", "and"),
        ConditionLine(0, "Never opened an email", "but"),
    ),
    noun="customers",
    base_label="staff and test accounts are left out",
    windows=(WindowLine("last 90 days", day(2026, 2, 19), NOW),),
    timezone="America/New_York",
    chips=(Chip(0, "“twice” is at least 2 times", ((0, "exactly 2 times"),)),),
    moves=(Move.STOP,),
)

COUNTED = replace(
    COUNTING,
    stage="counted",
    lines=(
        ConditionLine(0, "Gender is female", "", 10_412, 10_412, 0.4794),
        ConditionLine(0, "Age is more than 30", "and", 14_020, 7_288, 0.3),
        ConditionLine(0, "State is California", "and", 2_311, 861, 0.8819),
        ConditionLine(0, "Ordered at least 2 times in the last 90 days", "and", 1_650, 96, 0.8885),
        ConditionLine(0, "Never opened an email", "but", 6_100, 37, 0.6146),
    ),
    count=counted(37),
    moves=(Move.PREVIEW, Move.SHOW_SQL, Move.SAVE, Move.SHARE),
)

NESTED = replace(
    COUNTED,
    title="Gold members, or anyone in Texas or Florida",
    lines=(
        ConditionLine(0, "Any of", "", 4_200, None),
        ConditionLine(1, "Loyalty tier is gold", "", 1_150, None),
        ConditionLine(1, "All of", "or", 3_200, None),
        ConditionLine(2, "State is Texas or Florida", "", 3_200, None),
        ConditionLine(2, "Everybody", "and", 20_000, None, None, "changes nothing: everybody meets it"),
    ),
    count=counted(4_200),
    warnings=("Nearly everybody is in here.",),
    corrections=(CorrectionLine("womn", "women", 0, 4), CorrectionLine("Californa", "California", 8, 17)),
    saved=SavedAs("5b1f", 12, "Spring VIPs", ("vip", "spring")),
    moves=(Move.PREVIEW, Move.SHOW_SQL, Move.SHARE),
)

QUESTION = replace(
    COUNTING,
    title="Bought shoes and hats in March",
    stage="question",
    lines=(),
    chips=(),
    questions=(
        QuestionLine(
            0,
            "Shoes and hats in one order, or at any time?",
            (
                ChoiceLine(0, "In any orders", counted(412)),
                ChoiceLine(1, "In the same order", counted(95)),
            ),
        ),
        QuestionLine(
            1,
            "Which March?",
            (
                ChoiceLine(0, "March of this year, from the first to the last day of the month", counted(412)),
                ChoiceLine(1, "Every March since the beginning", None),
            ),
            key=1,
        ),
    ),
    moves=(),
)

UNREAD = replace(
    COUNTING,
    title="High-value wmen in Atlantis",
    stage="unread",
    sentence=(
        WordSpan("High-value", "unread"),
        WordSpan(" ", "space"),
        WordSpan("wmen", "corrected"),
        WordSpan(" in ", "filler"),
        WordSpan("Atlantis", "unread"),
    ),
    lines=(ConditionLine(0, "Gender is female"),),
    windows=(),
    chips=(Chip(0, "“last quarter” is January to March", ((0, "the last 3 months"), (1, "the last 90 days"))),),
    corrections=(CorrectionLine("wmen", "women", 11, 15),),
    unread=(
        UnreadLine(0, "High-value", ((0, "3+ orders this year", ""), (1, "spent over $500", "")), True),
        UnreadLine(
            1, "Atlantis", ((0, "Atlanta", "a city of 312 customers"), (1, "Atlantic City", "")), spare=True, key=1
        ),
        UnreadLine(2, "quux", spare=True, key=2),
    ),
    moves=(),
)

PARTLY = replace(
    UNREAD,
    title="Women in Atlantis",
    sentence=(WordSpan("women", "condition"), WordSpan(" ", "space"), WordSpan("in Atlantis", "unread")),
    chips=(),
    corrections=(),
    unread=(UnreadLine(0, "in Atlantis", (), False, 6, 17, True),),
    partial=counted(10_412),
    moves=(Move.REWORD,),
)

ASIDE = replace(
    COUNTED,
    sentence=(WordSpan("For the June newsletter:", "aside"), WordSpan(" ", "space"), WordSpan("women", "condition")),
    moves=(*COUNTED.moves, Move.REWORD),
    asides=("For the June newsletter",),
)
LEFT_OUT = replace(
    PARTLY,
    stage="counted",
    sentence=(WordSpan("women", "condition"), WordSpan(" ", "space"), WordSpan("in Atlantis", "left_out")),
    lines=(ConditionLine(0, "Gender is female", "", 10_412, 10_412, 0.4794),),
    unread=(),
    left_out=("in Atlantis",),
    partial=None,
    count=counted(10_412),
    moves=COUNTED.moves,
)

UNDEFINED = replace(
    QUESTION,
    title="High-value customers",
    questions=(
        QuestionLine(
            0,
            "“high-value customers”: What should this mean? Your company has no definition of it yet.",
            (
                ChoiceLine(0, "The top 10% by total order value of orders", counted(2_000)),
                ChoiceLine(1, "Loyalty tier is platinum", counted(812)),
            ),
            "high-value",
            0,
            20,
        ),
    ),
    moves=(Move.REWORD, Move.ASSIST),
    owners=True,
)

DEFINED = replace(
    COUNTED,
    meanings=(
        MeaningLine(0, "high-value", "Loyalty tier is platinum", "U0ANNA"),
        MeaningLine(1, "loyal", "customers with <4> or more orders", "U0ANNA", kept=True),
        MeaningLine(2, "active", "people who visited", "U0ANNA", applied=False),
        MeaningLine(3, "new", "people who signed up this year", "U0ANNA", declined=True),
    ),
    owners=True,
)

WORDS_CARD = WordsCard(
    (
        WordLine("a1", "high-value", "customers with 3 or more orders", "U0ANNA", NOW),
        WordLine("a2", "<!channel>", "*people* who visited", "U0ANNA", NOW, "not understood: visited"),
        WordLine("", "college graduates", "education is bachelor or higher"),
    ),
    "America/New_York",
)

ASKED_OWNER = OwnerQuestion("01jxz3", "high-value", "U0ANNA", ("U0PRIYA", "@omar"), "3 or more orders", 0)

DEFINITION = Definition("high-value", "3 or more orders", "customers who ordered at least 3 times", Everyone())

PROPOSAL = ProposalCard(
    "01jxz3",
    "Ladyfolk in Texas",
    "U0ANNA",
    (WordSpan("ladyfolk", "condition"), WordSpan(" ", "space"), WordSpan("in Texas", "condition")),
    "customers whose gender is female and whose state is Texas",
    (ConditionLine(0, "Gender is female"), ConditionLine(0, "State is Texas", "and")),
    (EvidenceLine("Gender is female", ("ladyfolk",), "ladyfolk"), EvidenceLine("State is Texas", ("in Texas",))),
    ("<!channel>",),
    ("Texas the state or the city?",),
    ("added: gender is female",),
    False,
    "some-model",
    counted(812),
)

FAILED = replace(
    COUNTING,
    stage="failed",
    notice=Notice(
        "That took too long",
        "The count took too long and was stopped. Nothing was changed; try a shorter window or fewer conditions.",
        reference="K7Q2MX",
        retry=True,
    ),
    moves=(Move.RETRY,),
)

HELP = HelpCard(
    "Type who you are looking for",
    "Say it as you would to a colleague, and I count the customers.",
    ("women in Texas", "customers who ordered in the last 90 days", "gold members who never opened an email"),
    (("About people", ("age", "state", "loyalty tier")), ("What they did", ("ordered", "opened an email"))),
)

NOTICE = NoticeCard(
    Notice("The customer database doesn't answer", "Nothing was changed; try again in a minute.", "", "K7Q2MX", True),
    ("women in Texas",),
)

PREVIEW = PreviewCard(
    "01jxz3",
    COUNTED.title,
    ("Name", "E-mail", "Age", "State", "Orders"),
    (
        ("Zoë O’Hara", "z***@e***.com", "41", "California", "3"),
        ("<!channel> & Co", "–", "33", "California", "2"),
        ("*Bold* _Bob_", "b***@m***.org", "", "California", "2"),
    ),
    counted(37),
    "customers",
)

HIDDEN = replace(PREVIEW, rows=(), total=counted(4), hidden=True, floor=10)

SQL = SqlCard(
    "01jxz3",
    COUNTED.title,
    "SELECT c.id\nFROM customers AS c\nWHERE c.gender = 'female' AND c.state = 'California'",
    "Read-only; runs as it is in psql.",
)

FORM = SaveForm("01jxz3", COUNTED.title, ("vip", "spring"), COUNTED.restatement)

SHARED = ShareCard(
    "01jxz3",
    COUNTED.title,
    "U0ANNA",
    COUNTED.restatement,
    COUNTED.lines,
    counted(37),
    "customers",
    "staff and test accounts are left out",
    COUNTED.windows,
    "America/New_York",
)
