"""Settings that merely repeat another one: found, told, and taken out where the tool would derive the same.

What derives what, and from when on:

* ruff takes `target-version` from requires-python in `[project]` of the same pyproject.toml since 0.0.255 ("target-
  version" in its settings; `crates/ruff_workspace/src/pyproject.rs`). From its lower bound, to be exact.
* black does so since 23.1.0 ("Target version" in its "The basics"; `infer_target_version` in `src/black/files.py`), and
  takes every version that it knows and that requires-python admits.
* ty takes `environment.python-version` from the lower bound ("Python version" in its documentation).
* mypy reads code as the Python that runs it ("python_version" in "The mypy configuration file"), pyright as that of the
  environment ("pythonVersion" in its "Configuration"), pylint likewise ("py-version"): they derive nothing from
  requires-python, so nothing there is a repetition.
* actions/setup-python reads the file that `python-version-file` names since v4 (its "Advanced usage"). setup-uv has no
  such input: its `python-version` sets UV_PYTHON, which also holds for `uvx`, `uv pip --system` and projects in
  subfolders, none of which the root's `.python-version` reaches (its README, "Python version"). It is left alone.

The header of a table stays when its last key goes: `[tool.ruff]` and `[tool.black]` are what these tools look for to
find out which file, or folder, is the project's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.errors import BootstrapError, MalformedFileError
from bootstrap.model import Change, Finding, Severity
from bootstrap.modernize import Proposal, Refusal
from bootstrap.policy import spelled
from bootstrap.releases import RELEASES
from bootstrap.sites.locate import is_ignored, locate, reader
from bootstrap.survey import Survey
from bootstrap.syntax.tree import Scalar, Series, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bootstrap.modernize import Choice
    from bootstrap.policy import Minor
    from bootstrap.sites.model import Site, Source
    from bootstrap.syntax.tree import Member, Node, Path

    Read = Callable[[str], bytes | None]
    Cut = tuple[int, int, str]
    """From where to where, and what takes its place."""

COMMAND = "devstrap modernize --simplify"
PURPOSE = "say a Python version once"
PIN = ".python-version"


class Repetition(NamedTuple):
    """A setting that says what another one says already, and how it is taken out."""

    site: Site
    reason: str
    """After what the setting does: where the same is said, and who takes it from there."""
    cut: Cut
    renamed: tuple[str, str] | None = None
    """The key and the value that take its place; without them it goes."""


def repetitions(found: Survey, choice: Choice, read: Read) -> tuple[Repetition, ...]:
    """Return the settings that can be derived; `read` returns other files of the repository, or None.

    Only such as can be taken out without harm: what cannot is no repetition, but has its reasons.
    """
    contents = dict(found.data)
    made: dict[tuple[str, Path], Repetition] = {}
    for site in found.sites:
        if site.locked or not choice.takes(site) or is_ignored(site):
            continue
        one = _in_pyproject(site, read) or _in_workflow(site, contents.get(PIN))
        if one is not None:
            made[site.source.path, site.path] = one
    files = _by_file(tuple(made.values()))
    return tuple(one for path, ones in files.items() for one in _harmless(contents[path], ones))


def notes(found: Survey, proposal: Proposal, choice: Choice, read: Read) -> Iterator[Finding]:
    """Yield a note for each file with repetitions, at the first; what disagrees already is told by other findings."""
    differing = {site.id for site, decision in proposal.decisions if decision.steps}
    told = [one for one in repetitions(found, choice, read) if one.site.id not in differing]
    for ones in _by_file(told).values():
        site = ones[0].site
        more = f" ({len(ones) - 1} more in this file)" if len(ones) > 1 else ""
        place = site.source.path, site.line, site.column
        yield Finding("V401", Severity.NOTE, f"{ones[0].reason}{more}", f"{COMMAND} does it", *place, COMMAND)


def simplify(found: Survey, proposal: Proposal, choice: Choice, read: Read) -> Proposal:
    """Return what is proposed, with the repetitions taken out that are left after it."""
    before = dict(found.data)
    purposes = {change.path: change.purpose for change in proposal.changes}
    after = {**before, **{change.path: change.after for change in proposal.changes if change.after is not None}}
    refused = []
    for path, ones in _by_file(repetitions(_relocated(found, before, after), choice, read)).items():
        try:
            after[path] = taken_out(after[path], ones)
        except BootstrapError as error:
            refused.append(Refusal(path, ones[0].site.line, error.message))
    changes = (
        Change(path, data, after[path], purposes.get(path, PURPOSE))
        for path, data in before.items()
        if after[path] != data
    )
    return Proposal(tuple(changes), proposal.decisions, (*proposal.refused, *refused))


def _relocated(found: Survey, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Survey:
    """Return the survey of the files as they will be."""
    changed = {path for path, data in after.items() if data != before[path]}
    sites = [site for site in found.sites if site.source.path not in changed]
    sites += [site for path in sorted(changed) for site in locate(path, after[path])]
    return Survey(tuple(sites), found.unread, tuple(after.items()))


def _by_file(ones: Sequence[Repetition]) -> dict[str, list[Repetition]]:
    files: dict[str, list[Repetition]] = {}
    for one in ones:
        files.setdefault(one.site.source.path, []).append(one)
    return files


# ---- taking out, and proving it ------------------------------------------------------------------------------------


def taken_out(data: bytes, ones: Sequence[Repetition]) -> bytes:
    """Return a file without its repetitions.

    Raises RefusedEditError unless another parser finds exactly these keys gone, or renamed with their new values, and
    MalformedFileError where it cannot read the file.
    """
    from bootstrap.rewrite.edits import Edit, RefusedEditError, splice  # noqa: PLC0415 - only where there is something

    after = splice(data.decode("latin-1"), [Edit(*one.cut) for one in ones]).encode("latin-1")
    load = import_module(f"bootstrap.syntax.{ones[0].site.source.syntax}").load
    expected = load(data, None)
    for one in ones:
        expected = _without(expected, one.site.path, one.renamed)
    # repr tells apart what Python calls equal, such as 1 and true, and the order of keys
    if repr(expected) != repr(load(after, None)):
        message = "the edit would change more than the setting that is repeated"
        raise RefusedEditError(message, remedy="change the file by hand; it was left as it is")
    return after


def _harmless(data: bytes, ones: Sequence[Repetition]) -> list[Repetition]:
    """Return those that can be taken out; a reading of the file tells it of all, if there is nothing wrong."""
    try:
        taken_out(data, ones)
    except BootstrapError:
        return [one for one in ones if _harmless(data, [one])] if len(ones) > 1 else []
    return list(ones)


def _without(value: Any, path: Path, renamed: tuple[str, str] | None) -> Any:
    """Return a copy of data without what stands at a path, or with its key and value changed; aliases come apart."""
    first, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_without(item, rest, renamed) if index == first else item for index, item in enumerate(value)]
    if rest:
        return {key: _without(item, rest, renamed) if key == first else item for key, item in value.items()}
    pairs = ((key, renamed if key == first else (key, item)) for key, item in value.items())
    return dict(pair for _, pair in pairs if pair is not None)


@lru_cache(maxsize=2)
def _tree(source: Source) -> Node | None:
    """Return a file's tree; all its sites ask for it, one after the other."""
    return reader(source.syntax)(source.text.encode("latin-1"), None)


def _member(tree: Node | None, path: Path) -> tuple[Table, Member] | None:
    """Return the member at a path, and the table that it stands in."""
    table, member = None, None
    for part in path:
        node = tree if member is None else member.value
        if isinstance(part, int):
            tree, member = (node.items[part] if isinstance(node, Series) else None), None
            continue
        table = node if isinstance(node, Table) else None
        member = next((one for one in table.members if one.name == part), None) if table is not None else None
        tree = member.value if member is not None else None
        if member is None:
            return None
    return (table, member) if table is not None and member is not None else None


# ---- pyproject.toml ------------------------------------------------------------------------------------------------

_KEYS: dict[Path, str] = {
    ("tool", "ruff", "target-version"): "ruff",
    ("tool", "black", "target-version"): "black",
    ("tool", "black", "target_version"): "black",
    ("tool", "ty", "environment", "python-version"): "ty",
}
# The releases that are the first to derive it; ty always did.
_SINCE = {"ruff": (0, 0, 255), "black": (23, 1, 0)}
_VERSION = r"(?:py)?3\.?(\d{1,2})"


def _in_pyproject(site: Site, read: Read) -> Repetition | None:
    """Return what a tool's key repeats of requires-python in the same file."""
    folder, _, name = site.source.path.rpartition("/")
    tool = _KEYS.get(site.path)
    if tool is None or name != "pyproject.toml":
        return None
    data = site.source.text.encode("latin-1")
    tree = _tree(site.source)
    required, place = _member(tree, ("project", "requires-python")), _member(tree, site.path)
    if required is None or place is None or not isinstance(required[1].value, Scalar):
        return None
    bounds = Bounds.of(required[1].value.text)
    told = _told(place[1].value)
    if bounds is None or not told or not _is_derived(tool, told, bounds):
        return None
    if _is_older(tool, folder, (data, _demanded(tool, tree)), read):
        return None
    cut = _removal(site.source.text, *place)
    if cut is None:
        return None
    reason = f"targets {_names(told)}, which requires-python says already, and {tool} takes it from there"
    return Repetition(site, reason, cut)


def _names(minors: Sequence[Minor]) -> str:
    return ", ".join(map(spelled, minors))


def _told(value: Node) -> tuple[Minor, ...]:
    """Return the versions that a setting names; none where it names anything else too."""
    items = value.items if isinstance(value, Series) else (value,)
    found = [re.fullmatch(_VERSION, item.text) if isinstance(item, Scalar) else None for item in items]
    return tuple(sorted((3, int(match[1])) for match in found if match)) if all(found) else ()


def _is_derived(tool: str, told: tuple[Minor, ...], bounds: Bounds) -> bool:
    if tool != "black":
        return told == (bounds.floor,)
    # Black knows the versions of its day. Which day that is does not matter: it writes what all of its targets can run.
    return any(told == bounds.admitted(newest) for newest in sorted(RELEASES) if newest >= (3, 11))


class Bounds(NamedTuple):
    """What a requires-python admits, as far as ruff, black and ty understand it in the same way."""

    floor: Minor
    last: Minor | None
    """The last version, where it has a ceiling."""
    left_out: frozenset[Minor]

    @classmethod
    def of(cls, text: str) -> Bounds | None:
        """Read specifiers of versions (PEP 440); None for what the tools might take differently."""
        floors: list[Minor] = []
        lasts: list[Minor] = []
        left_out: set[Minor] = set()
        for clause in text.split(","):
            match = re.fullmatch(_CLAUSE, clause.strip())
            if match is None:
                return None
            operator, minor, rest, star = match["operator"], (3, int(match["minor"] or 0)), match["rest"], match["star"]
            if match["major"]:
                if operator != "<":
                    return None
            elif operator == ">=" and not star:
                floors.append(minor)
            elif operator == "==" and star and not rest:
                floors.append(minor)
                lasts.append(minor)
            elif operator == "<" and not star and not rest.strip(".0"):
                lasts.append((3, minor[1] - 1))
            elif operator == "!=" and star and not rest:
                left_out.add(minor)
            else:
                return None
        last = min(lasts, default=None)
        if len(floors) != 1 or floors[0] in left_out or (last is not None and last < floors[0]):
            return None
        return cls(floors[0], last, frozenset(left_out))

    def admitted(self, newest: Minor) -> tuple[Minor, ...]:
        """Return the versions up to `newest` that are admitted."""
        end = min(newest, self.last or newest)
        return tuple((3, minor) for minor in range(self.floor[1], end[1] + 1) if (3, minor) not in self.left_out)


_CLAUSE = (
    r"(?P<operator>>=|==|!=|<)\s*(?:(?P<major>4(?:\.0)*)|3\.(?P<minor>\d{1,2})(?P<rest>(?:\.\d+)*)(?P<star>\.\*)?)"
)

# What may say which release of a tool is used, in the tool's folder and in the root.
_PINS = (
    *(".pre-commit-config.yaml", ".pre-commit-config.yml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile"),
    *("tox.ini", "setup.cfg", "setup.py", "noxfile.py", "requirements.txt"),
    *(f"requirements{joint}{use}.txt" for joint in "-_/" for use in ("dev", "lint", "test", "tests", "ci")),
    *(f"{use}-requirements.txt" for use in ("dev", "lint", "test")),
)


def _demanded(tool: str, tree: Node | None) -> bytes:
    """Return the release of itself that a tool is told to insist on, as a requirement."""
    found = _member(tree, ("tool", tool, "required-version"))
    text = found[1].value.text if found is not None and isinstance(found[1].value, Scalar) else ""
    return f"{tool}{'==' if text[:1].isdigit() else ''}{text}".encode("latin-1")


def _is_older(tool: str, folder: str, known: Sequence[bytes], read: Read) -> bool:
    """Say whether anything pins the tool to a release that derives nothing yet."""
    if tool not in _SINCE:
        return False
    names = [f"{below}{name}" for below in dict.fromkeys((f"{folder}/" if folder else "", "")) for name in _PINS]
    return any(found < _SINCE[tool] for text in (*known, *map(_quietly(read), names)) for found in _pinned(tool, text))


def _quietly(read: Read) -> Read:
    """Return what reads a file as empty that cannot be read."""

    def quiet(name: str) -> bytes:
        try:
            return read(name) or b""
        except MalformedFileError:
            return b""

    return quiet


def _pinned(tool: str, data: bytes | None) -> Iterator[tuple[int, ...]]:
    """Yield the releases of a tool that are the newest that some requirement, hook or lock admits."""
    release = rb"[\"']?v?(?P<release>\d+(?:\.\d+)*)"
    name = rb"(?<![\w-])" + tool.encode()
    hook = rb"(?:-pre-commit(?:-mirror)?)?[\"']?[ \t]*(?:#[^\n]*)?\r?\n[^\n]*?rev:[ \t]*"
    shapes = (
        name + rb"(?:\[[^]]*\])?[ \t]*(?:==|<=|~=|(?P<below><))[ \t]*" + release,
        name + rb"[ \t]*=[ \t]*[\"'](?:\^|~|==)?[ \t]*(?P<release>\d+(?:\.\d+)*)",
        rb"repo:[^\n]*/" + name + hook + release,
        rb"name = \"" + name + rb"\"\r?\nversion = " + release,
    )
    for shape in shapes:
        for match in re.finditer(shape, data or b""):
            *parts, last = map(int, match["release"].split(b"."))
            yield (*parts, last - 1 if match.groupdict().get("below") else last)


# What a comment says that is about the key below it, and says why: then the key is more than a repetition.
_SPEAKS = r"(?i)python|target|requires|supported|minimum|oldest|lowest"
_REASONS = (
    r"(?i)\b(?:because|since|until|once|unless|although|though|but|not|only|never|lags?|may|must|need\w*|newer|older"
    r"|differ\w*|intention\w*|deliberate\w*|on purpose|explicit\w*|workaround|bugs?|issues?|todo|fixme|nb)\b|n't|#\d|://"
)
_COMMENTED_OUT = r"(?m)^[ \t]*#[ \t]*(?:[\w.\"'-]+[ \t]*=|\[)"


def _removal(text: str, table: Table, member: Member) -> Cut | None:
    """Return the edit that takes a key out: with its lines and the comment that is about it, or out of the braces."""
    if table.is_flow:
        return _from_braces(text, table, member)
    start = text.rfind("\n", 0, member.start) + 1
    end = text.find("\n", member.end) + 1 or len(text)
    beside = text[member.end : end].strip()
    above = _comment_above(text, start)
    comment = text[above:start]
    is_about_it = re.search(_SPEAKS, comment) is not None and not re.search(_COMMENTED_OUT, comment)
    if text[start : member.start].strip() or (beside and not beside.startswith("#")):
        return None
    if any(re.search(_REASONS, said) for said in (beside[1:], comment if is_about_it else "")):
        return None
    start = above if is_about_it else start
    before, after = text[:start], text[end:]
    if re.search(r"\n[ \t]*\r?\n$", before):
        if not after.strip():  # no blank lines at the end of the file either
            return text.index("\n", len(before.rstrip())) + 1, len(text), ""
        blank = re.match(r"[ \t]*\r?\n", after)
        end += blank.end() if blank else 0
    return start, end, ""


def _comment_above(text: str, start: int) -> int:
    """Return where the comment begins that ends right above a line; the line's own start where there is none."""
    above = start
    while above:
        line = text.rfind("\n", 0, above - 1) + 1
        if not text[line:above].lstrip().startswith("#"):
            break
        above = line
    return above


def _from_braces(text: str, table: Table, member: Member) -> Cut | None:
    index = table.members.index(member)
    start, end = member.start, member.end
    if index + 1 < len(table.members):
        end = table.members[index + 1].start
    elif index:
        start = table.members[index - 1].end
    else:
        start, end = text.rindex("{", 0, start) + 1, text.index("}", end)
    around = text[start : member.start] + text[member.end : end]
    return (start, end, "") if not around.replace(",", "").strip(" \t") else None


# ---- workflows -----------------------------------------------------------------------------------------------------

_WORKFLOW = r"\.github/workflows/[^/]+\.ya?ml"
_STEP = r"jobs/[^/]+/steps/\d+/with/python-version"
_USES = r"actions/setup-python@v?(?:(?P<major>\d+)(?:\.\d+)*|(?P<commit>[0-9a-f]{40})|main)"
_CHECKOUT = r"actions/checkout@\S+"
_TOLD_VERSION = r"[ \t]*#[ \t]*(?:tag=)?v?(\d+)\b"
_FIRST_MAJOR = 4
# Who tests the oldest version means the oldest, and not what `.python-version` happens to name today.
_OLDEST = r"(?i)(?<![a-z])(?:min(?:imum|imal)?|lowest|oldest|floor|compat\w*)(?![a-z])"
# With these it is another repository that is checked out, or another state, or a part.
_ELSEWHERE = ("repository", "ref", "sparse-checkout")
_MOVES = r"\bgit (?:checkout|switch|reset)\b"


def _in_workflow(site: Site, pin: bytes | None) -> Repetition | None:
    """Return what setup-python is told that it could read in the root's `.python-version`."""
    place = "/".join(map(str, site.path))
    if pin is None or not re.fullmatch(_WORKFLOW, site.source.path) or not re.fullmatch(_STEP, place):
        return None
    told = site.scalar.text if site.scalar is not None else ""
    if not re.fullmatch(r"3\.\d+(?:\.\d+)?", told) or pin.strip() != told.encode("latin-1"):
        return None
    tree = _tree(site.source)
    found = _member(tree, site.path)
    if found is None or not isinstance(found[1].value, Scalar):
        return None
    key, value = found[1].key, found[1].value
    # A commented line, or the one below a comment, says this version for a reason.
    if _has_comment(site.source.text, key.start) or not _may_read_file(site, tree):
        return None
    quoted = value.quote if value.quote in ("'", '"') else ""
    if value.quote not in ("", "#", "'", '"') or "\n" in site.source.text[key.outer_start : value.outer_end]:
        return None
    written = f"python-version-file{site.source.text[key.end : value.outer_start]}{quoted}{PIN}{quoted}"
    reason = f"runs on {told}, which {PIN} says already, and setup-python can read it there"
    return Repetition(site, reason, (key.start, value.outer_end, written), ("python-version-file", PIN))


def _has_comment(text: str, at: int) -> bool:
    """Say whether the line has a comment, or the one above it is one."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start : text.find("\n", at) if "\n" in text[at:] else len(text)]
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    return " #" in line or above.lstrip().startswith("#")


def _may_read_file(site: Site, tree: Node | None) -> bool:
    """Say whether the step runs setup-python, new enough, where the repository has been checked out before.

    What others call, and what tests the oldest version, is left as it is.
    """
    job, number = site.path[1], site.path[3]
    steps = _member(tree, ("jobs", job, "steps"))
    if steps is None or not isinstance(steps[1].value, Series) or not isinstance(number, int):
        return False
    before, step = steps[1].value.items[:number], steps[1].value.items[number]
    names = str(job), _text(steps[0], "name"), _text(step, "name"), site.source.path
    if "workflow_call" in site.source.text or any(re.search(_OLDEST, name) for name in names):
        return False
    return _is_new_enough(site.source.text, step) and _is_checked_out(before)


def _text(node: Node, name: str) -> str:
    found = _member(node, (name,))
    return found[1].value.text if found is not None and isinstance(found[1].value, Scalar) else ""


def _is_new_enough(text: str, step: Node) -> bool:
    uses = _member(step, ("uses",))
    match = re.fullmatch(_USES, _text(step, "uses"))
    if uses is None or match is None or _member(step, ("with", "python-version-file")) is not None:
        return False
    if match["commit"]:
        told = re.match(_TOLD_VERSION, text[uses[1].value.outer_end :])
        return told is not None and int(told[1]) >= _FIRST_MAJOR
    return match["major"] is None or int(match["major"]) >= _FIRST_MAJOR


def _is_checked_out(steps: Sequence[Node]) -> bool:
    """Say whether the repository, as it is, stands in the folder in which the later steps run."""
    checkouts = [step for step in steps if re.fullmatch(_CHECKOUT, _text(step, "uses"))]
    here = [step for step in checkouts if _member(step, ("with", "path")) is None]
    moves = any(re.search(_MOVES, _text(step, "run")) for step in steps)
    return bool(here) and not moves and all(_is_plain(step) for step in here)


def _is_plain(step: Node) -> bool:
    return _member(step, ("if",)) is None and all(_member(step, ("with", name)) is None for name in _ELSEWHERE)
