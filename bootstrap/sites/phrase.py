"""Running text about Python versions: which of them are a floor, a ceiling, the ends of a range, or a list.

`>=3.8,<4`, "Python 3.8+", "3.8 or newer", "3.8 to 3.12", "3.8, 3.9 and 3.10": specifiers and prose say the same things,
so one reader serves both. It only groups what stands there; what is to be done about it is decided elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.expression import expression
from bootstrap.sites.spelling import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Kind(Enum):
    """What a group of versions says."""

    SINGLE = "single"
    FLOOR = "floor"
    CEILING = "ceiling"
    """The first one that is not meant any more: `<3.13`."""
    LAST = "last"
    """The last one that is meant: `<=3.12`, "up to 3.12"."""
    EXCLUDED = "excluded"
    RANGE = "range"
    LIST = "list"


class Item(NamedTuple):
    """A member of a list: all of what is taken out or copied when it goes or when another one comes."""

    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    """None: it is no version at all, such as `lint`."""


class Group(NamedTuple):
    """Versions that are said in one breath."""

    kind: Kind
    start: int
    end: int
    tokens: tuple[Token, ...]
    items: tuple[Item, ...] = ()
    """For a list: its members, with those that are no version."""


def _bytes(*texts: str) -> str:
    """Return an alternation of non-ASCII signs as they look in Latin-1 text that really is UTF-8."""
    return "|".join(re.escape(text.encode().decode("latin-1")) for text in texts)


_DASHES = _bytes("\N{EN DASH}", "\N{EM DASH}", "\N{NON-BREAKING HYPHEN}", "\N{RIGHTWARDS ARROW}")
_DASH = rf"-|{_DASHES}|->"
_MARKS = r"[\"'`*_\]\[()\\]*"
_WORD = r"(?:c?python|pypy|py|cp|pp|v)?[-_ :/]?"
_NEXT = rf"{_MARKS}{_WORD}{_MARKS}"
"""What may stand right before the second of two versions."""
_OR = r"or|and|&|/|oder|und|ou|et|o|y|e|eller|och|og|of|veya|ve"
_HIGHER = (
    r"later|newer|higher|above|greater|up\b|upwards?|more recent|beyond|over|any later|a newer|a later|plus\b"
    # people translate what they promise; two bytes stand for a letter with an accent
    r"|neuer|h..her|sp..ter|plus r..cent|sup..?rieur|superior|posterior|senare|nyere|nieuwer|sonra"
)
_UP = _bytes(
    "以上", "及以上", "或以上", "或更高", "及更高", "或更新", "以降", "и выше", "или выше", "или новее", "이상"
)
_RANGE_GAP = expression(
    rf"{_MARKS} ?(?:{_DASH}|to|through|thru|until|up to|or later,? up to|\.\.\.?|{_bytes('…')})>? ?{_NEXT}",
    re.IGNORECASE,
)
_LIST_GAP = expression(
    rf"{_MARKS} ?(?:[,/|;&]|%20%7C%20|%20\|%20|\|%20|%7C|%2C%20|%2C|{_bytes('·', '•')}| )"
    rf" ?(?:and/or|and|or|&|\|)? ?{_NEXT}"
    rf"|{_MARKS} (?:and/or|and|or) {_NEXT}",
    re.IGNORECASE,
)
_FLOOR_AFTER = expression(
    rf"(?:\.x)?{_MARKS}(?:\(!\))?(?:\+|%2B|\s*\(?(?:{_OR})\s+(?:{_HIGHER})|\s?(?:{_UP}))", re.IGNORECASE
)
_LAST_AFTER = expression(rf"{_MARKS}\s*(?:or|and)\s+(?:older|earlier|below|lower|prior)", re.IGNORECASE)
_OPERATOR = expression(
    rf"(?P<op>>=|=>|==|===|~=|!=|<=|\^|~|<|>|{_bytes('≥', '≤')}|&gt;=?|&lt;=?|%3E%3D|%3E=|%3C%3D|%3C)\s*[\"'`]?\s*$"
)
_FLOOR_BEFORE = expression(
    r"(?:\bat least|\bminimum(?: version| supported version)?(?: is| of|:)?|\bstarting (?:from|with)|\bnot below"
    r"|\b(?:newer|older|lower|earlier|less)(?: versions?)? than)"
    rf"\s*:?\s*(?:version\s*)?{_NEXT}$",
    re.IGNORECASE,
)
_LAST_BEFORE = expression(
    rf"(?:\bup to(?: and including)?|\bmaximum(?: version)?(?: is| of|:)?)\s*{_NEXT}$", re.IGNORECASE
)

_KINDS = {
    ">=": Kind.FLOOR,
    "=>": Kind.FLOOR,
    ">": Kind.FLOOR,
    "&gt;=": Kind.FLOOR,
    "&gt;": Kind.FLOOR,
    "%3E%3D": Kind.FLOOR,
    "%3E=": Kind.FLOOR,
    "≥".encode().decode("latin-1"): Kind.FLOOR,
    "~=": Kind.FLOOR,
    "^": Kind.FLOOR,
    "~": Kind.FLOOR,
    "<": Kind.CEILING,
    "&lt;": Kind.CEILING,
    "%3C": Kind.CEILING,
    "<=": Kind.LAST,
    "&lt;=": Kind.LAST,
    "%3C%3D": Kind.LAST,
    "≤".encode().decode("latin-1"): Kind.LAST,
    "!=": Kind.EXCLUDED,
}


def groups(text: str, start: int, end: int, found: Sequence[Token] | None = None) -> Iterator[Group]:
    """Yield what `text[start:end]` says of Python versions, in order.

    `found` are the tokens to look at, where the caller has chosen among them.
    """
    every = list(tokens(text, start, end) if found is None else found)
    at = 0
    while at < len(every):
        group = _next(text, start, end, every, at)
        at += len(group.tokens)
        yield group


def _next(text: str, start: int, end: int, every: Sequence[Token], at: int) -> Group:
    first, second = every[at], every[at + 1] if at + 1 < len(every) else None
    kind = _kind(text, start, end, first)
    if second and kind in (Kind.SINGLE, Kind.FLOOR) and _is_range(text, first, second):
        return Group(Kind.RANGE, first.start, second.tail, (first, second))
    if kind is not Kind.SINGLE:
        return Group(kind, first.start, first.tail, (first,))
    members = [first]
    for index in range(at + 1, len(every)):
        token = every[index]
        if not _is_gap(_LIST_GAP, text, members[-1], token):
            break
        if _kind(text, start, end, token) not in (Kind.SINGLE, Kind.FLOOR):
            break
        members.append(token)
    if len(members) == 1:
        return Group(Kind.SINGLE, first.start, first.tail, (first,))
    items = tuple(Item(_item_start(text, token), token.tail, (token,)) for token in members)
    return Group(Kind.LIST, items[0].start, items[-1].end, tuple(members), items)


def _item_start(text: str, token: Token) -> int:
    """Return where a list's member begins: with `py38` its name belongs to it, with "Python 3.8" it does not."""
    start = token.start - len(token.name)
    is_tight = token.name and text[start : token.start].lower() == token.name.lower()
    return start if is_tight else token.start


def _is_range(text: str, first: Token, second: Token) -> bool:
    return not first.stage and first.minor < second.minor and _is_gap(_RANGE_GAP, text, first, second)


_LONGEST_GAP = 40
"""In characters: nothing that joins two versions is longer."""


def _is_gap(pattern: re.Pattern[str], text: str, left: Token, right: Token) -> bool:
    if right.start - left.tail >= _LONGEST_GAP:
        return False
    gap = text[left.tail : right.start]
    return _PARAGRAPH.search(gap) is None and pattern.fullmatch(_SPACES.sub(" ", gap)) is not None


_SPACES = expression(r"\s+")
_PARAGRAPH = expression(r"\n[ \t\r]*\n")


def _kind(text: str, start: int, end: int, token: Token) -> Kind:
    """Say what the words around one version make of it."""
    before = text[max(start, token.start - 48) : token.start]
    after = text[token.tail : min(end, token.tail + 24)]
    if _FLOOR_AFTER.match(after):
        return Kind.FLOOR
    if _LAST_AFTER.match(after):
        return Kind.LAST
    operator = _OPERATOR.search(before[: len(before) - _name_length(before, token)])
    if operator and not _TAG.search(before):
        return _KINDS.get(operator["op"], Kind.SINGLE)
    if _FLOOR_BEFORE.search(before):
        return Kind.FLOOR
    if _LAST_BEFORE.search(before):
        return Kind.LAST
    return Kind.SINGLE


_TAG = expression(r"</?[A-Za-z][^<>]*>\s*$")
"""Of HTML; what ends one is no operator."""


def _name_length(before: str, token: Token) -> int:
    """Return how much of what stands before the version is its own name: the `py` in `>=py38`."""
    name = re.search(rf"{re.escape(token.name)}[-_:/@ ]?v?$", before, re.IGNORECASE) if token.name else None
    return len(name[0]) if name and not before.rstrip().endswith("=") else 0


_SEPARATOR = expression(r"\s*[,;]\s*|\s+")


def items(text: str, start: int, end: int, separator: re.Pattern[str] = _SEPARATOR) -> Iterator[Group]:
    """Yield the lists that `text[start:end]` is made of: environments of tox, build tags, words of a line.

    Braces and brackets are lists of their own (`py{38,39}-django{32,42}`, `py3{8,9}`, `cp3[89]-*`), and keep what
    surrounds them together.
    """
    inner = sorted((*_braces(text, start, end), *_brackets(text, start, end)), key=lambda group: group.start)
    yield from inner
    members = []
    at = 0
    for first, last in _split(text, start, end, separator):
        while at < len(inner) and inner[at].end <= first:
            at += 1
        is_composed = at < len(inner) and inner[at].start < last
        members.append(Item(first, last, () if is_composed else tuple(tokens(text, first, last))))
    found = tuple(token for member in members for token in member.tokens)
    if found:
        kind = Kind.LIST if len(members) > 1 else Kind.SINGLE
        yield Group(kind, members[0].start, members[-1].end, found, tuple(members))


_BRACKETS = expression(r"(?P<name>pp|cp|py)3\[(?P<low>[5-9])(?P<rest>-(?P<high>[5-9])|[5-9]*)\]", re.IGNORECASE)


def _brackets(text: str, start: int, end: int) -> Iterator[Group]:
    """Yield what a class of characters in a glob names: `cp3[89]-*`, `cp3[6-9]-*`."""
    for match in _BRACKETS.finditer(text, start, end):
        first, last = match.start("low"), match.end("rest")
        at = (first, match.start("high")) if match["high"] else range(first, last)
        found = tuple(Token(i, i + 1, text[i], (3, int(text[i])), match["name"], form="minor") for i in at)
        if match["high"]:
            yield Group(Kind.RANGE, first, last, found)
        else:
            members = tuple(Item(token.start, token.end, (token,)) for token in found)
            yield Group(Kind.LIST if len(found) > 1 else Kind.SINGLE, first, last, found, members)


def _split(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans between separators, those inside of braces and comments not counted."""
    position, depth, at = start, 0, start
    while at < end:
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
        match = separator.match(text, at, end) if depth == 0 else None
        if match and match.end() > at:
            if at > position:
                yield position, at
            position = at = match.end()
        else:
            at += 1
    if end > position:
        yield position, end


_BRACES = expression(r"(?P<name>pypy|python|py|cp|pp)?(?P<three>3[.]?)?\{(?P<body>[^{}]*)\}", re.IGNORECASE)


def _braces(text: str, start: int, end: int) -> Iterator[Group]:
    for match in _BRACES.finditer(text, start, end):
        if match["three"] and not match["name"]:
            continue
        group = _brace(text, match)
        if group is not None:
            yield group


def _brace(text: str, match: re.Match[str]) -> Group | None:
    name, begin, end = match["name"] or "", match.start("body"), match.end("body")
    members = []
    for first, last in _split(text, begin, end, re.compile(r"\s*,\s*")):
        ends = re.fullmatch(r"(\d+)-(\d+)", text[first:last])
        if ends and name:  # tox 4.25: py3{9-13}, py{39-313}
            low, high = (_brace_token(text, first + ends.start(i), first + ends.end(i), match) for i in (1, 2))
            return Group(Kind.RANGE, first, last, (low, high)) if low and high else None
        token = _brace_token(text, first, last, match)
        members.append(Item(first, last, (token,) if token else ()))
    found = tuple(token for member in members for token in member.tokens)
    return Group(Kind.LIST if len(members) > 1 else Kind.SINGLE, begin, end, found, tuple(members)) if found else None


def _brace_token(text: str, start: int, end: int, match: re.Match[str]) -> Token | None:
    """Return what a word inside of braces means after the letters before them."""
    word, name = text[start:end], match["name"] or ""
    if match["three"]:
        form = re.fullmatch(r"([0-9]{1,2})(t?)", word)
        return (
            Token(start, start + len(form[1]), form[1], (3, int(form[1])), name, "", form[2], "minor") if form else None
        )
    form = re.fullmatch(r"3([0-9]{1,2})(t?)", word) if name else None
    if form:
        return Token(start, start + 1 + len(form[1]), "3" + form[1], (3, int(form[1])), name, "", form[2], "glued")
    own = list(tokens(text, start, end))
    if len(own) != 1 or own[0].tail != end:
        return None
    return own[0]


_BOUNDS = expression(r" ?,? ?(?:(?:and|but|,) ?)?(?:<=?|>=?|!=|&lt;=?) ?")
_LIST_AFTER_FLOOR = expression(rf"\+?(?:{_LIST_GAP.pattern})", re.IGNORECASE)
_NAMELY = expression(rf"(?:{_FLOOR_AFTER.pattern}),? ?\({_WORD}", re.IGNORECASE)


def goes_on(text: str, left: Token, right: Token) -> bool:
    """Say whether `right` goes on what `left` begins: a list, a range or a pair of bounds."""
    joins = (_LIST_GAP, _RANGE_GAP, _LIST_AFTER_FLOOR, _BOUNDS, _NAMELY)
    return any(_is_gap(pattern, text, left, right) for pattern in joins)
