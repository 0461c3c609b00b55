"""The last look at a query before it runs: exactly one SELECT over listed tables, columns, functions, types and shapes.

It reads the text anew and trusts nothing about where it came from. Every kind of node is refused unless it is listed
here together with the parts it may have; tables and columns are resolved scope by scope, as Postgres would. A second,
lexical check looks at every name before a parenthesis, so that nothing the parser takes for syntax can be a call.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from segbot.sql.guard_check import Checker, Violation, refuse
from segbot.sql.nodes import DIALECT, Node
from segbot.sql.policy import Policy

_POSTGRES = Dialect.get_or_raise(DIALECT)
_LONGEST = 200_000
_STRINGS = frozenset({TokenType.STRING})
_CONSTANTS = frozenset({TokenType.STRING, TokenType.NUMBER})
# What makes a parser go deeper. It is compiled code: its depth is limited here, before it runs.
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END})
_PREFIXES = frozenset({TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE, TokenType.INTERVAL})
_MOST_PREFIXES = 5


@dataclass(frozen=True, slots=True)
class Allowed:
    """The query may run. `tables` are the tables it reads."""

    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """The query must not run; the reason is for the log."""

    reason: str


Verdict = Allowed | Refused
# The parser is compiled code that trips over some broken texts in its own ways.
_UNREADABLE = (SqlglotError, TypeError, ValueError, AttributeError, LookupError)


def guard(sql: str, policy: Policy) -> Verdict:
    """Whether a query keeps to the policy. Never raises, whatever the text."""
    return _judge(sql, policy)


@lru_cache(maxsize=1024)
def _judge(sql: str, policy: Policy) -> Verdict:
    try:
        tokens = _check_text(sql, policy)
        statements = _POSTGRES.parser().parse(tokens, sql)
        if len(statements) != 1 or statements[0] is None:
            return Refused("not exactly one statement")
        checker = Checker(policy)
        checker.statement(statements[0])
        _check_nothing_lost(tokens, statements[0], policy)
        return Allowed(frozenset(checker.tables))
    except Violation as found:
        return Refused(str(found))
    except _UNREADABLE:
        return Refused("not readable as one Postgres query")
    except RecursionError:
        return Refused("nested too deeply")


# --- the text -----------------------------------------------------------------------------------

# Words of syntax that may stand before a parenthesis.
_BEFORE_PAREN = frozenset(
    """all and any array as between by case cast coalesce decimal distinct else except exists extract filter from group
    having ilike in intersect interval is join lateral left like limit not nullif numeric on or over over select then
    union values varchar when where""".split()  # noqa: SIM905
)
_GAP = re.compile(r"[ \t\r\n]*\Z")


def _check_text(sql: str, policy: Policy) -> list[Token]:
    """The tokens of a text without comments and odd letters, neither too long nor too deep, that calls nothing unlisted."""
    if len(sql) > _LONGEST:
        refuse("too long")
    if any((letter < " " and letter not in "\t\r\n") or letter == "\x7f" for letter in sql):
        refuse("control character")
    tokens = _POSTGRES.tokenize(sql)
    if not tokens or tokens[0].token_type not in (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN):
        refuse("not a SELECT")
    if len(tokens) > 2 * policy.nodes:
        refuse("too large")
    depth, end, prefixes = 0, 0, 0
    for index, token in enumerate(tokens):
        if not _GAP.match(sql[end : token.start]):
            refuse("comment or odd space")
        end = token.end + 1
        prefixes = prefixes + 1 if token.token_type in _PREFIXES else 0
        if token.token_type in _OPENING:
            depth += 1
        elif token.token_type in _CLOSING:
            depth -= 1
        if depth > policy.depth or prefixes > _MOST_PREFIXES:
            refuse("nested too deeply")
        if token.token_type is TokenType.L_PAREN and index:
            _check_call(tokens[index - 1], tokens[index - 2] if index > 1 else None, policy)
        elif token.token_type is TokenType.SEMICOLON:
            refuse("several statements")
    if not _GAP.match(sql[end:]):
        refuse("comment or odd space")
    return tokens


def _check_call(name: Token, before: Token | None, policy: Policy) -> None:
    """Refuses a name before a parenthesis that is neither a listed function nor syntax nor the alias of a VALUES list."""
    text = name.text
    if name.token_type in _STRINGS or not (text[:1].isalpha() or text[:1] == "_"):
        return
    word = text.lower()
    if word in policy.functions or word in _BEFORE_PAREN:
        if name.token_type is TokenType.IDENTIFIER and text != word:
            refuse(f"function {text}")
        return
    if before is not None and (before.token_type in (TokenType.ALIAS, TokenType.R_PAREN)):
        return
    refuse(f"function {word}")


# Words of syntax that leave no name in the tree.
_SYNTAX = _BEFORE_PAREN | frozenset(
    """asc at bigint boolean bool both current_date current_timestamp cross date desc double end false first float full
    include inner int int4 int8 integer jsonb last leading no null nulls offset order outer partition precision right
    symmetric text time timestamp timestamptz to trailing true uuid with within zone""".split()  # noqa: SIM905
)


def _check_nothing_lost(tokens: list[Token], tree: Node, policy: Policy) -> None:
    """Refuses a text of which the parser left something out: every name and constant must be in the tree."""
    names: Counter[str] = Counter()
    constants = placeholders = 0
    for node in tree.walk():
        if isinstance(node, exp.Identifier | exp.Var):
            names[str(node.this).lower()] += 1
        elif isinstance(node, exp.Literal | exp.JSONPath | exp.TimestampTrunc):
            constants += 1
        elif isinstance(node, exp.Placeholder):
            placeholders += 1
    known = _SYNTAX | policy.functions | {word for name in policy.types for word in name.split()}
    index = 0
    while index < len(tokens):
        token = tokens[index]
        word = token.text.lower()
        if token.token_type is TokenType.MOD:
            # A placeholder: % ( name ) s
            placeholders -= 1
            names[tokens[index + 2].text.lower()] -= 1
            index += 4
        elif token.token_type in _CONSTANTS:
            constants -= 1
        elif token.token_type is TokenType.IDENTIFIER or word[:1].isalpha() or word[:1] == "_":
            # Some words of syntax are one token: GROUP BY, AT TIME ZONE.
            for part in [word] if token.token_type is TokenType.IDENTIFIER else word.split():
                names[part] -= 1
                if names[part] < 0 and part not in known:
                    refuse(f"{part} is left out by the parser")
        index += 1
    if constants or placeholders:
        refuse("something is left out by the parser")
