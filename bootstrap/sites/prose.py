"""Versions in text for people: which numbers are Pythons, and which sentences speak of the past, or of something else.

A false edit in prose is worse than a miss: what speaks of history, of examples, of other people's products, what a
program printed, and tables that compare versions are all left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites import phrase
from bootstrap.sites.phrase import Kind
from bootstrap.sites.spelling import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bootstrap.sites.phrase import Group

    Span = tuple[int, int]

# What may stand between the word Python and its version: "Python (3.8", "**Python** versions >= 3.8", "| Python | 3.8".
_CONTEXT = expression(
    r"(?<![A-Za-z])c?python(?:"
    r"[\s*_`'\"()|<>=~^\[\]\\/-]|:(?!:)|&[gl]t;|&nbsp;|\xc2\xa0|%20|%7C|%3[CDE]|&message=|\xe2\x89\xa5|<!--"
    r"|</?(?:b|i|a|strong|code|em|kbd|span|p|li|td|th)\b[^<>]{0,30}>"
    r"|(?<=_)requires\b|\b(?:versions?|is|are|of|at least|minimum|supports?|supported|required|requires|only|the"
    r"|interpreter|runtime|with|label|message|c?python|and|both|between|from|to|any)\b|\be\.g\."
    r")*v?$|\bversions? that (?:starts?|begins?) with[\s*`\"]*$",
    re.IGNORECASE,
)
_LOOK_BACK = 60
# What is not called Python where it stands, and is one: arguments of commands, the home of the documentation.
_GIVEN = expression(
    r"(?:\bpyenv (?:install|local|global|shell|virtualenv)|\buv python (?:install|pin)|\buv venv --python)"
    r" (?:-\S+ )*$|docs\.python\.org/(?:[a-z]{2}(?:-[a-z]+)?/)?$"
)
# A badge that consists of nothing but versions can only list Pythons.
_BADGE = expression(r"shields\.io/badge/(?:v?3\.[0-9]+(?:%20|%7C|%2C|[ |,])+)*$")
# kafka-python 3.6, opencv-python 3.5: a distribution and its own version
_DISTRIBUTION = expression(r"[A-Za-z0-9]-python[- ]$", re.IGNORECASE)
_QUANTITY = expression(r"\s?(?:[kKMGT]i?B|%(?![0-9A-F]{2})|ms|MHz|GHz|x faster)\b")

# A sentence that tells when something came or went does not speak of what is needed now.
_NOT_NOW_BEFORE = expression(
    r"(?:\b(?:since|until|before|prior to|as of|unlike|compared to|no longer|never \w+|not"
    r"|(?:new|added|introduced|changed|deprecated|removed|fixed|available|released|happened) (?:in|since|with|on)"
    r"|deprecated|dropp(?:ed|ing)|drops?|backport(?:s|ed)?(?: to)?|(?:older|earlier|lower|less|newer) than"
    r"|(?:add|drop|remov|end|deprecat)\w* (?:the )?support (?:for|of)|ends? support|unsupported"
    r"|last (?:released )?(?:version|release)[^.\n]{0,30}|end[- ]of[- ]life|EOL|isn't|aren't"
    r"|(?:does not|doesn't|do not|don't|cannot|can't|won't|will not) \w+"
    r"|(?:ships?|comes?|shipped|bundled|delivered|installed by default) with|ships?|includes?|bundles?|provides?"
    r"|offers?"
    r"|legacy|formerly|historically|originally|previous(?:ly)?|used to|back when)"
    r"|version(?:added|changed)::|deprecated::)\s(?:[^.\n]|\.(?=\S)){0,30}$",
    re.IGNORECASE,
)
_NOT_NOW_AFTER = expression(
    r"[`*_\"')\]]*\s*(?:(?:and|or|,)\s*)?(?:was\b|were\b|has been|had been|(?:is|are) (?:no longer|not|now|end|EOL)"
    r"|isn't|aren't|did not|didn't|does not|doesn't|will not|won't|introduced|added|removed|deprecated|changed"
    r"|(?:and|or) (?:below|older|earlier)|reached|reaches|EOL|end[- ]of[- ]life|compat(?:ibility)?\b|:? ?the last\b"
    r"|(?:support )?will (?:end|be (?:dropped|removed|deprecated)|no longer|not|reach|stop)"
    r"|support (?:was|is|has been|will be) (?:dropped|removed|added)"
    r"|style\b|syntax\b|semantics\b|'s\b|release notes|changelog|documentation\b|docs\b)",
    re.IGNORECASE,
)
# "If you support Python 3.8" is an example, "if you have Python 3.8 or newer" a requirement; "to support Python 3.12,
# we install ..." tells why something is done.
_SUPPOSED = expression(
    r"\b(?:if|when|suppose|assum(?:e|ing)|say) (?:you|your|that)\b[^.\n]{0,100}$"
    r"|\bto support\s+[`*_]*(?:c?python)?[- `*_]*$",
    re.IGNORECASE,
)
# "was improved in Python 3.8" is a fact, "written in Python 3.8" is not.
_WITHIN = expression(
    r"(?<!written )(?<!developed )(?<!implemented )(?<!built )\b(?:in|from)\s+[`*_]*(?:c?python)[- `*_]*$",
    re.IGNORECASE,
)
# "In Python 3.8+, f-strings may ..." is about Python.
_ABOUT_PYTHON = expression(
    r"(?:^|[.:;!?(]\s+|^\s*(?:[-*>]|\d\.)\s+)(?:In|Under|On|Until|After)\s+[`*_]*(?:c?python)?[- `*_]*$", re.IGNORECASE
)
# "Celery 5.2.x requires", "Lib v3.5.0 and above supports": what a release that has its own number once needed.
_RELEASE_NEEDS = expression(
    r"(?<![\w-])(?!c?python\b)[A-Za-z][\w-]{0,60}[ ]v?[0-9]{1,6}\.(?:[0-9]+|x)[\w.]{0,20}?(?P<open>\+|x|\*)?[*`]{0,2}"
    r"(?P<later>,?\s(?:and|or)\s(?:above|later|up|newer|higher|greater))?[*`)]{0,2},?\s"
    r"(?:only |still |also |now |(?P<will>will ))?(?:requires?|supports?|needs?|works? (?:with|on)|runs? on|depends? on"
    r"|is compatible|dropped|drops)\b",
    re.IGNORECASE,
)


def groups(text: str, start: int, end: int) -> Iterator[Group]:
    """Yield what prose says of the Pythons that are supported or needed."""
    found = [token for token in _dotted(text, start, end) if _is_python(text, token, start)]
    known = {token.start for token in found}
    quoted = Quotations(text, start, end) if found else None
    for group in phrase.groups(text, start, end, _with_followers(text, found, start, end)):
        # the other end of a pair of bounds stays; what stands in brackets after a floor spells it out
        if group.tokens[0].start not in known and text[group.start - 1] != "(":
            continue
        if quoted is not None and quoted.hold(group.start):
            continue
        if not _speaks_of_something_else(text, group, start, end):
            yield group


def _dotted(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield versions with a dot: py38 in a document is the name of a file, an environment or a build."""
    return (token for token in tokens(text, start, end) if token.form == "dotted" and not _is_other(text, token, start))


# The dependency table of somebody's pyproject.toml, in an example; the metadata of some package, as it is printed.
_ASSIGNED = expression(r"(?<![-\w])python\s*=\s*\"[^\"]*$|\"requires_python\": \"[^\"]*$")
# "Get `Python 3.10 <https://www.python.org/downloads/release/python-31011/>`_": the address goes with the version.
_NAMES_A_RELEASE = expression(r"[^\n<(]{0,20}[<(]https?://[^\s<>()]*/python-?3[0-9.]{2,}")
_ADDRESS = expression(r"https?://[^\s<>\"'`]*$")
_OWN_ADDRESS = expression(r"shields\.io|docs\.python\.org|badgen\.net|pypi\.org|github\.com/\S+/badge")


def _is_other(text: str, token: Token, start: int) -> bool:
    """Say whether a version belongs to something that is not to be touched: an example, a download, a quantity."""
    before = text[max(start, token.start - 120) : token.start]
    if _ASSIGNED.search(before[-24:]) or _DISTRIBUTION.search(before[-24:]) or _QUANTITY.match(text, token.tail):
        return True
    if _NAMES_A_RELEASE.match(text, token.tail):
        return True
    is_folder = bool(token.micro) and not token.name and text.startswith("/", token.tail)
    if is_folder or text.startswith("/whatsnew", token.tail):
        return True
    address = _ADDRESS.search(before) if "://" in before else None
    return address is not None and not _OWN_ADDRESS.search(address[0])


def _is_python(text: str, token: Token, start: int) -> bool:
    if token.name:
        return token.name.lower() not in ("py", "cp", "pp")  # py3.8 is an environment, or a job
    before = text[max(start, token.start - _LOOK_BACK) : token.start]
    if before.endswith(":: "):
        return False
    return any(pattern.search(before) is not None for pattern in (_CONTEXT, _GIVEN, _BADGE))


def _with_followers(text: str, found: Sequence[Token], start: int, end: int) -> list[Token]:
    """Add the bare versions that go on a list or a range which begins with the word Python."""
    named = {token.start for token in found}
    chosen: list[Token] = []
    for token in _dotted(text, start, end):
        is_named = token.start in named
        if is_named or (chosen and not token.name and phrase.goes_on(text, chosen[-1], token)):
            chosen.append(token)
    return chosen


_SENTENCE = 160
"""In characters: how far back a sentence is looked at."""


def _speaks_of_something_else(text: str, group: Group, start: int, end: int) -> bool:
    """Say whether the sentence around a group speaks of the past, or of what others do."""
    first = max(start, group.start - _SENTENCE)
    before = text[max(first, text.rfind("\n", first, group.start) + 1) : group.start]
    after = text[group.end : min(end, group.end + 40)]
    if _NOT_NOW_BEFORE.search(before) or _ABOUT_PYTHON.search(before):
        return True
    if group.kind is not Kind.LIST and _NOT_NOW_AFTER.match(after):
        return True
    if group.kind is Kind.SINGLE and (_SUPPOSED.search(before) or _WITHIN.search(before)):
        return True
    # "not on 3.12 or above" alone is about something else; after a floor it is its other end
    is_bound = group.kind in (Kind.CEILING, Kind.EXCLUDED) or (group.kind is Kind.LAST and before.rstrip()[-1:] in "<=")
    return is_bound and ">" not in before[-24:]


# ---- lines that nobody wrote for the reader to act upon --------------------------------------------------------------


class Quotations:
    """The parts of a document whose versions are not its own: code, what was printed, history, comparisons."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Find them in `text[start:end]`."""
        spans = _merged([*_quoted_lines(text, start, end), *_tables(text, start, end), *_releases(text, start, end)])
        self._starts = [first for first, _ in spans]
        self._ends = [last for _, last in spans]

    def hold(self, place: int) -> bool:
        """Say whether what stands at `place` is quoted."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]


_FENCE = expression(r"[ \t>]*(?:```+|~~~+)[ \t]*\{?\.?([\w+-]*)")
_CODE = ("python", "python3", "py", "pycon", "pytb", "ipython", "output", "traceback")
_DIFF = ("diff", "patch")
# What a program printed, or a reader is to see: a traceback, a banner, a session, a log.
_PRINTED = expression(
    r"[ \t|+]*(?:File [\"']|Step [0-9]+/|Status: |>>> |\.\.\. |Traceback \(|Collecting "
    r"|Requirement already|Downloading |Successfully |Using cached |Installing collected"
    r"|Creating virtualenv |\.\. (?:versionadded|versionchanged|deprecated)::"
    r"|platform (?:linux|darwin|win32) --)"
    r"|.*(?:Python 3\.[0-9]+\.[0-9]+\+? (?:\(|\|)|-- Python 3\.[0-9]+\.[0-9]+|Error: .*site-packages)"
)
_REQUIREMENT = expression(r"python_requires|requires-python|Programming Language ::")
# A line of a change log: it ends with the number of the pull request.
_CHANGE = expression(r"[ \t]*[-*+] .*(?:\(|\[)(?:gh-?|GH-?|PR )?#[0-9]+[)\]]")
_HEADING = expression(r"(#{1,6})[ \t]+(.*)")
_UNDERLINE = expression(r"([=\-~^\"'`*+.:_])\1{2,}\s*")
_HISTORY = expression(
    r"[\W_]*(?:change ?log|changes|release notes|release history|releases|version history|history|what'?s new|news"
    r"|(?:version |release )?\[?v?[0-9]+\.[0-9]+(?:\.[0-9x]+)*\]?(?:[ (,:-].*)?)\W*",
    re.IGNORECASE,
)
_LONGEST_LINE = 400
"""In characters: where a line goes on, it is not looked at."""


def _quoted_lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield lines of code and of output, and those below a heading that begins a history."""
    language, is_fenced, history = "", False, ""
    before = ""
    for first, last in lines(text, start, end):
        line = text[first : min(last, first + _LONGEST_LINE)]
        fence = _FENCE.match(line)
        if fence:
            is_fenced = not is_fenced
            language = fence[1].lower() if is_fenced else ""
        elif not is_fenced:
            history = _history(history, before, line)
        is_code = language in _CODE and not _REQUIREMENT.search(line)
        if is_code or language in _DIFF or history or _PRINTED.match(line) or _CHANGE.match(line):
            yield first, last + 1
        before = line


def _history(history: str, before: str, line: str) -> str:
    """Return the level of the heading that a history goes on under after `line`; empty where there is none."""
    heading, underline = _HEADING.match(line), _UNDERLINE.fullmatch(line)
    if heading:
        level, title = heading[1], heading[2]
    elif underline and before.strip() and len(line.rstrip()) >= len(before.rstrip()):
        level, title = underline[1], before
    else:
        return history
    if _HISTORY.fullmatch(title.strip()):
        return history or level
    is_below = history.startswith("#") and level.startswith("#") and len(level) > len(history)
    return history if is_below or (history and not heading and level != history) else ""


def _tables(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield rows of tables that tell versions apart, along the rows or along the columns."""
    table: list[Span] = []
    for first, last in lines(text, start, end):
        if text[first : first + _LONGEST_LINE].lstrip()[:1] in ("|", "+"):
            table.append((first, last + 1))
        elif table:
            yield from _compared(text, table)
            table = []
    yield from _compared(text, table)


def _compared(text: str, rows: Sequence[Span]) -> Iterator[Span]:
    alike = []
    for first, last in rows:
        cells = [cell for cell in text[first : min(last, first + 5 * _LONGEST_LINE)].split("|") if "3." in cell]
        found = [versions for cell in cells if (versions := frozenset(token.minor for token in tokens(cell)))]
        if len(set(found)) > 1:
            yield first, last
        elif found:
            alike.append((first, last, found[0]))
    if len({versions for _, _, versions in alike}) > 1:
        yield from ((first, last) for first, last, _ in alike)


# A sentence goes on over the end of a line, but not into the next paragraph, item or row.
_SENTENCE_END = expression(r"[.;!?](?=\s|$)|\n(?=\s*(?:\n|[-*+|#]|[0-9]+[.)])|\s*$)")


def _releases(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield sentences about what a release of the project, or a range of them, needed."""
    needs = list(_RELEASE_NEEDS.finditer(text, start, end))
    for match in needs:
        if len(needs) > 1 or match["open"] or match["later"] or match["will"]:
            stop = _SENTENCE_END.search(text, match.end(), end)
            yield match.start(), stop.start() if stop else end


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines of `text[start:end]`, without their ends."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1
