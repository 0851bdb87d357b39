"""From a filter's text to its expression: Lucene's syntax, as `luqum` reads it.

Only what can be answered by the index is let through; everything else is refused with a
sentence and a position (counted from 1), which never repeat what was typed.
Each call has a lexer of its own, for luqum's is not safe between threads.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from luqum import tree
from luqum.head_tail import TokenValue
from luqum.parser import lexer, parser

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.filtering.expression import EVERYONE, AllOf, AnyOf, Expression, Has, Not
from chalicelib.domain.filtering.terms import MAX_VALUE, TERMS
from chalicelib.domain.normal.codec import InvalidValueError

MAX_TEXT = 2_000
MAX_TERMS = 50
MAX_DEPTH = 60  # of the syntax tree; room for about twenty nested parentheses
_PHONE = re.compile(r"\+?(?:[\s().-]*[0-9]){7,15}")
_FIELD_NAME = re.compile(r"[a-z_.]{1,30}")
_POSITION = re.compile(r"position ([0-9]+)!?\Z")
_ENDS = frozenset({"TERM", "PHRASE", "REGEX", "RPAREN", "RBRACKET", "APPROX", "BOOST"})
_BEGINS = frozenset(
    {"TERM", "PHRASE", "REGEX", "LPAREN", "LBRACKET", "PLUS", "MINUS", "NOT"}
    | {"LESSTHAN", "GREATERTHAN"}
)
_LOOK_LIKE_OPERATORS = frozenset({"and", "or", "not", "&&", "||"})
_FOREIGN_MARKS = tuple("!„”“«»‘’")


def parse(text: str) -> Expression:
    """Read a filter; raises `InvalidError` with one `FieldError` (pointer "") if it cannot."""
    if len(text) > MAX_TEXT:
        raise _invalid("too_large", f"A filter has at most {MAX_TEXT} characters.")
    if not text.strip():
        return EVERYONE
    syntax = _syntax(text)
    _check_size(syntax)
    return _read(syntax, None)


def _invalid(code: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, [FieldError("", code, sentence)])


def _refused(code: str, item: Any, sentence: str) -> InvalidError:
    return _invalid(code, f"At position {item.pos + 1}: {sentence}")


def _syntax(text: str) -> Any:
    try:
        text.encode()
        scanner = lexer.clone()
        scanner.input(text)
        tokens = _joined(scanner)
        return parser.parse(lexer=scanner, tokenfunc=lambda: next(tokens, None))
    except (ValueError, ArithmeticError) as error:  # the second: luqum on `a~1.2.3`
        found = _POSITION.search(str(error))
    where = f"at position {int(found[1]) + 1}" if found else "to its end"
    # Raised outside the `except`: luqum's error repeats the text and must not be chained.
    raise _invalid(
        "syntax",
        f"The filter cannot be read {where}. Check that quotes and parentheses are closed,"
        " and put values with special characters in double quotes.",
    )


def _joined(tokens: Iterable[Any]) -> Iterator[Any]:
    """The tokens with an AND between neighbours, so that `a OR b c` is `a OR (b AND c)`.

    Left to luqum, neighbours bind more weakly than OR or more strongly than AND, as the
    tokens around them happen to be (`a AND b -c OR d`).
    """
    before = None
    for token in tokens:
        if before in _ENDS and token.type in _BEGINS:
            yield _and(token)
        before = token.type
        yield token


def _and(token: Any) -> Any:
    """An AND that stands where the token does."""
    joint = copy(token)
    joint.type, joint.value = "AND_OP", TokenValue("AND")
    return joint


def _check_size(syntax: Any) -> None:
    """Bound what the recursive reading, matching and planning will have to do."""
    terms, waiting = 0, [(syntax, 1)]
    while waiting:
        item, depth = waiting.pop()
        terms += isinstance(item, tree.Term)
        if terms > MAX_TERMS or depth > MAX_DEPTH:
            raise _invalid(
                "too_large",
                f"A filter has at most {MAX_TERMS} terms and about 20 nested parentheses.",
            )
        waiting += [(child, depth + 1) for child in item.children]


def _read(item: Any, field: str | None) -> Expression:
    """Read one item of the syntax tree; `field` is the term whose value it stands in."""
    match item:
        case tree.Word() | tree.Phrase():
            return _value(item, field)
        case tree.SearchField():
            return _read(item.expr, _field(item, field))
        case tree.Group() | tree.FieldGroup():
            return _read(item.expr, field)
        case tree.Not() | tree.Prohibit():
            return Not(_read(item.a, field))
        case tree.Plus():
            return _read(_without_plus(item, field), field)
        case tree.AndOperation():
            return AllOf(_and_parts(item, field))
        case tree.From() | tree.To() if field and TERMS[field].compared:
            return _has(item, field, _comparison(item))
        case tree.OrOperation():
            return AnyOf(tuple(_read(operand, field) for operand in item.operands))
    raise _refused(
        "syntax",
        item,
        "ranges, regular expressions, fuzzy search and boosts are not part of the language.",
    )


def _field(item: Any, outer: str | None) -> str:
    if outer:
        raise _refused("syntax", item, "a value with a colon in it needs double quotes.")
    name = str(item.name).lower()
    if name not in TERMS:
        # What does not look like the name of a field may be a person's name.
        which = f"the term {name}" if _FIELD_NAME.fullmatch(item.name) else "this term"
        known = ", ".join(TERMS)
        raise _refused("unknown_term", item, f"{which} is not known; use one of: {known}.")
    return name


def _without_plus(item: Any, field: str | None) -> Any:
    """A plus says what AND says anyway, but before a phone number it is part of the number."""
    if isinstance(item.a, tree.Word) and (field or _meant("+" + item.a.value)) == "phone":
        return tree.Word("+" + item.a.value, pos=item.pos)
    return item.a


def _and_parts(item: Any, field: str | None) -> tuple[Expression, ...]:
    for operand in item.operands:
        if isinstance(operand, tree.Word) and operand.value.lower() in _LOOK_LIKE_OPERATORS:
            raise _refused("syntax", operand, "write AND, OR, NOT in capitals, a name in quotes.")
    return tuple(_read(operand, field) for operand in item.operands)


def _value(item: Any, field: str | None) -> Expression:
    if item.value == "*" and field is None:
        return EVERYONE
    text = item.unescaped_value[1:-1] if isinstance(item, tree.Phrase) else None
    term = field or _meant(item.value if text is None else text)
    return _has(item, term, _word(item, term) if text is None else text)


def _comparison(item: Any) -> str:
    """`>1000` as it was typed; luqum has taken it apart."""
    sign = ">" if isinstance(item, tree.From) else "<"
    return f"{sign}{'=' if item.include else ''}{str(item.a.value).strip(chr(34))}"


def _has(item: Any, term: str, text: str) -> Expression:
    values = _typed(item, term, text)
    parts = tuple(Has(term, value) for value in values)
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _meant(text: str) -> str:
    """The term that a value without one stands for."""
    if "@" in text:
        return "email"
    return "phone" if _PHONE.fullmatch(text.strip()) else "name"


def _word(item: Any, term: str) -> str:
    """The text of an unquoted value; the `*` at the end of a name says what is so anyway."""
    if item.value.startswith(_FOREIGN_MARKS):
        raise _refused("syntax", item, 'use NOT or -, and straight double quotes (").')
    word = item
    if TERMS[term].prefix and not item.value.endswith(r"\*"):
        word = tree.Word(item.value.removesuffix("*"))
    if word.has_wildcard():
        raise _refused("syntax", item, "* is for the end of a name; put other * and ? in quotes.")
    return str(word.unescaped_value)


def _typed(item: Any, term: str, text: str) -> list[str]:
    try:
        values = list(TERMS[term].typed(text))
    except InvalidValueError as error:
        detail = error.detail
    else:
        if all(len(value) <= MAX_VALUE for value in values):
            return values
        detail = f"It may have at most {MAX_VALUE} characters."
    raise _refused("bad_value", item, f"the value of {term} cannot be used. {detail}")
