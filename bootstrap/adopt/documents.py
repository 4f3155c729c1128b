"""What people, and the programs that write code for them, read first: the two commands, where they look for them."""

from __future__ import annotations

import shlex
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.badges import with_badges
from bootstrap.adopt.commands import obstacle, trial_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.outline import Commands, Outline, outlined
from bootstrap.adopt.text import UNREADABLE, Splice, opened
from bootstrap.expression import expression

if TYPE_CHECKING:
    from bootstrap.adopt.commands import Trial
    from bootstrap.adopt.model import Drafts, Tree, Wishes
    from bootstrap.adopt.outline import Heading
    from bootstrap.adopt.text import Text

_README = expression(r"(?i)readme(?:\.(?:md|markdown|rst))?")
_CONTRIBUTING = expression(r"(?i)(?:\.github/|docs/|)contributing(?:\.\w+)?")
_FORMATS = (".md", ".markdown", ".rst")
_INSTRUCTIONS = ("AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md")
_PLACES = ("", ".github", "docs")
WRAPPER = "bootstrap.py"
PATH = "CONTRIBUTING.md"
"""What is made where there is none."""

_WHY = "say how to set the repository up"
_GENERATED = expression(r"(?i)do not edit|do not modify|auto-?generated")
_INCLUDES = expression(r"\.\. (?:mdinclude|include)::|@[~./\w]\S*\s*$|```\{include\}|\{!")
_IMPORT = expression(r"(?m)^@(?:\./)?AGENTS\.md\s*$")

# Sections about set-up: those that surely are, and those that are if they tell how to install something.
_SET_UP = expression(
    r"(?i)(?:set(?:ting)?[ -]?up|installing|install|installation|creating|preparing)\b.*\b"
    r"(?:environment|develop\w*|locally|repository|project|code|checkout|clone|set-?up)\b.*"
    r"|set(?:ting)?[ -]?up|(?:the |your |local )*dev(?:elopment|eloper)? (?:set-?up|environments?)(?: set-?up)?"
    r"|local (?:dev\w* )?(?:set-?up|environments?)|environment set-?up|installation (?:and|&) set-?up"
)
_MAYBE_SET_UP = expression(
    r"(?i)getting started|installation|install|local development|developing locally|quick ?start|development"
)
_SETS_UP = expression(
    r"(?i)\bpip3? install\b|\bvirtualenv\b|-m venv\b|\bvenv\b|\buv (?:sync|venv|pip)\b|\bpoetry install\b"
    r"|\bpdm install\b|\bpipenv\b|\bconda (?:env )?create\b|\bmake (?:install|setup|develop|dev|init)\b"
    r"|\bsetup\.(?:sh|py develop)\b|\bhatch (?:env|shell)\b|\brequirements[\w/-]*\.txt\b|\bjust (?:install|setup)\b"
)
_TESTS_OR_REQUESTS = expression(r"(?i)\b(?:tests?|testing|test suite|(?:pull|merge) ?requests?|PRs?|patch(?:es)?)\b")
_DECORATION = expression(r"^(?:[\W\d_]|:\w+:)+|(?:[\W_]|:\w+:)+$")
_ENTRY = expression(r"(\s*[-*+]\s+)\[([^\]]*)\]\(#([^)]*)\)\s*$")
_NO_SLUG = expression(r"[^\w\- ]")


def documents(tree: Tree, wishes: Wishes) -> Drafts:
    """Say in the documents how to set the repository up, once, and in the README's badges what is supported."""
    if not wishes.has_documents:
        return
    readmes = [path for path in tree.paths if _README.fullmatch(path)]
    trial = trial_of(tree, wishes.policy)
    yield from _contributing(tree, readmes, trial)
    for path in readmes[:1]:
        yield from with_badges(path, tree, wishes)
    yield from _instructions(tree, readmes, trial)


def takes(path: str) -> bool:
    """Say whether a section about set-up may be added to a file; badges in a README are another matter."""
    return _CONTRIBUTING.fullmatch(path) is not None or path in _INSTRUCTIONS


# ---- which ----------------------------------------------------------------------------------------------------------


class _Document(NamedTuple):
    path: str
    text: Text
    outline: Outline


def _contributing(tree: Tree, readmes: list[str], trial: Trial) -> Drafts:
    paths = sorted(
        (path for path in tree.paths if _CONTRIBUTING.fullmatch(path)),
        key=lambda path: _PLACES.index(path.rpartition("/")[0]),
    )
    is_renewed = tree.renews == PATH
    if not is_renewed and any(WRAPPER.encode() in (tree.read(path) or b"") for path in (*paths, *readmes)):
        return
    style = _style(tree, readmes)
    if not paths or is_renewed:
        blank = Outline((), is_rst=False)
        said = _Said(_commands(blank, style), trial)
        lines = ["# Contributing", "", "## Set up", "", *said.section(blank)]
        yield Draft(PATH, ("\n".join(lines) + "\n").encode(), _WHY, is_whole=True)
        yield from _reservation(PATH, tree, trial)
        return
    found: list[_Document] = []
    remarks: list[Remark] = []
    for path in paths:
        one = _document(tree, path)
        if isinstance(one, Remark):
            remarks.append(one)
        elif one is not None:
            found.append(one)
    if not found or remarks:
        yield from remarks
        return
    best = min(found, key=lambda one: (_set_up(one.outline) is None, len(one.outline.headings) < 2))
    yield Draft(best.path, _told(best, style, trial), _WHY)
    yield from _reservation(best.path, tree, trial)


def _reservation(path: str, tree: Tree, trial: Trial) -> Drafts:
    """Say that what a document tells from now on is not so yet, where it is not."""
    reason = obstacle(tree) if not trial.part else ""
    if reason:
        yield Remark(path, f"the commands in it do not suffice yet: {reason}")


def _document(tree: Tree, path: str) -> _Document | Remark | None:
    """Return a document to which something can be added; None for one that only shows another."""
    if not path.endswith(_FORMATS):
        return Remark(path, f"it is neither Markdown nor reStructuredText: say there that `python {WRAPPER}` sets up")
    text = opened(tree.read(path) or b"")
    if text is None:
        return Remark(path, UNREADABLE)
    if any(_GENERATED.search(line) for line in text.lines[:10]):
        return Remark(path, f"it is generated: have its source say that `python {WRAPPER}` sets the repository up")
    said = [line for line in text.lines if line.strip()]
    if len(said) < 5 and any(_INCLUDES.match(line.strip()) for line in said):
        return None
    return _Document(path, text, outlined(text.lines, is_rst=path.endswith(".rst")))


def _instructions(tree: Tree, readmes: list[str], trial: Trial) -> Drafts:
    """Tell the programs that write code, where they are told anything here."""
    paths = [path for path in _INSTRUCTIONS if path in tree.paths]
    style = _style(tree, readmes)
    done: list[tuple[str, bytes]] = []
    for path in paths:
        data = tree.read(path) or b""
        if WRAPPER.encode() in data or ("AGENTS.md" in paths and _IMPORT.search(data.decode("utf-8", "replace"))):
            continue
        same = next((other for other, before in done if before == data), None)
        if same is not None:
            yield Remark(path, f"it says what {same} says: a copy needs the new section too, a link does not")
            continue
        one = _document(tree, path)
        if isinstance(one, Remark):
            yield one
        elif one is not None and not _is_copy(tree, paths, one, (style, trial)):
            after = _told(one, style, trial, is_cloned=True)
            done.append((path, data))
            yield Draft(path, after, _WHY)


def _is_copy(tree: Tree, paths: list[str], one: _Document, how: tuple[Commands | None, Trial]) -> bool:
    """Say whether another file is this one with the section: it was told of before."""
    after = _told(one, *how, is_cloned=True)
    return any(tree.read(path) == after for path in paths if path != one.path)


def _style(tree: Tree, readmes: list[str]) -> Commands | None:
    """Return how the README shows commands, for documents that show none."""
    for path in readmes:
        text = opened(tree.read(path) or b"")
        if text is not None and not path.endswith(".rst"):
            return outlined(text.lines, is_rst=False).commands()
    return None


# ---- what and where -------------------------------------------------------------------------------------------------


def _told(document: _Document, style: Commands | None, trial: Trial, *, is_cloned: bool = False) -> bytes:
    """Return the document with the commands: where it tells about set-up, else in a section of its own."""
    outline = document.outline
    said = _Said(_commands(outline, style), trial, is_cloned=is_cloned)
    existing = _set_up(outline)
    if existing is None:
        return document.text.spliced(_new_section(outline, said))
    at = existing.end
    has_gap = at < len(outline.lines) and not outline.lines[at].strip()
    lines = said.lead_in(outline)
    if has_gap or outline.is_rst:
        lines = ["", *lines]
    following = next((line.strip() for line in outline.lines[at:] if line.strip()), "")
    if following.startswith(("```", "~~~", ".. code", "::")):
        lines += ["", "Or by hand:"]
    if at < len(outline.lines) and not has_gap:
        lines += [""]
    return document.text.spliced([Splice(at, at, tuple(lines))])


def _set_up(outline: Outline) -> Heading | None:
    """Return the heading of the section that tells how to set up."""
    plain = [(heading, _plain(heading.title)) for heading in outline.headings]
    sure = [heading for heading, title in plain if _SET_UP.fullmatch(title)]
    maybe = [heading for heading, title in plain if _MAYBE_SET_UP.fullmatch(title)]
    telling = [one for one in maybe if _SETS_UP.search("\n".join(outline.lines[one.end : _own_end(outline, one)]))]
    return next(iter(sure), next(iter(telling), None))


def _own_end(outline: Outline, heading: Heading) -> int:
    """Return where the text of a heading ends: at the next heading of whatever level."""
    return next((one.start for one in outline.headings if one.start >= heading.end), len(outline.lines))


def _plain(title: str) -> str:
    """Return a title without numbers, signs and marks around it."""
    return _DECORATION.sub("", title.replace("`", "").replace("*", "")).strip()


class _Said(NamedTuple):
    """What is said, and how commands are shown."""

    commands: Commands
    trial: Trial
    is_cloned: bool = False
    """Whether whoever reads it is in a clone already."""

    def section(self, outline: Outline) -> list[str]:
        """Return the text of a section of its own."""
        many = len(self._typed())
        what = {1: "one command", 2: "two commands"}.get(many, "these commands")
        verb = "is" if many == 1 else "are"
        begin = f"Clone the repository, and run {what} in it."
        begin = f"{what.capitalize()} {verb} all it takes." if self.is_cloned else begin
        return self._with_commands(outline, f"{begin} {'It' if many == 1 else 'The first'} {self._effects(outline)}")

    def lead_in(self, outline: Outline) -> list[str]:
        """Return the first paragraph of a section that is there."""
        which = "this command" if len(self._typed()) == 1 else "the first of these commands"
        return self._with_commands(outline, f"In a clone of the repository, {which} {self._effects(outline)}")

    def _effects(self, outline: Outline) -> str:
        """Say what the commands do."""
        command, part = self.trial
        built = f"finds or installs the right Python, and builds {_code(outline, '.venv')}"
        if not part:
            return f"{built} with all that the project needs; the second runs the tests:"
        tests = f"; the others run the tests of {_code(outline, part)}" if command else ""
        return f"{built} with all that is needed, one for each part where they do not go together{tests}:"

    def _typed(self) -> tuple[str, ...]:
        command, part = self.trial
        if not part:
            return f"python {WRAPPER}", f"python {WRAPPER} run {command}"
        way = "../" * (part.count("/") + 1)
        more = (f"cd {shlex.quote(part)}", f"python {way}{WRAPPER} run {command}") if command else ()
        return f"python {WRAPPER}", *more

    def _with_commands(self, outline: Outline, paragraph: str) -> list[str]:
        text = paragraph + ":" * self.commands.is_literal
        return [*_wrapped(outline, text), "", *self.commands.written(self._typed())]


def _new_section(outline: Outline, said: _Said) -> list[Splice]:
    title = "Set Up" if outline.capitalizes else "Set up"
    text = [*outline.heading(title), "", *said.section(outline)]
    following = next(
        (
            one
            for one in outline.sections
            if one.start > 0 and any(_TESTS_OR_REQUESTS.search(part.title) for part in outline.below(one))
        ),
        None,
    )
    gap = [""] * outline.blanks(following)
    if following is not None:
        at = outline.before(following)
        return [Splice(at, at, (*text, *gap)), *_entry(outline, following, title)]
    at, end = outline.last, len(outline.lines)
    lines = [*gap, *text] if at else text
    has_more = at < end and bool(outline.lines[at].strip())
    return [Splice(at, at, (*lines, *gap) if has_more else tuple(lines)), *_entry(outline, None, title)]


def _commands(outline: Outline, style: Commands | None) -> Commands:
    if outline.is_rst:
        return outline.commands() or Commands("::", indent="    ")
    return outline.commands() or style or Commands("```sh", "```")


def _code(outline: Outline, text: str) -> str:
    return f"``{text}``" if outline.is_rst else f"`{text}`"


def _wrapped(outline: Outline, paragraph: str) -> list[str]:
    if not outline.width:
        return [paragraph]
    return textwrap.wrap(paragraph, outline.width, break_long_words=False, break_on_hyphens=False)


def _entry(outline: Outline, following: Heading | None, title: str) -> list[Splice]:
    """Return the line for the table of contents, where the document has one that lists the neighbour."""
    beside = following or next(reversed(outline.sections), None)
    if outline.is_rst or beside is None:
        return []
    for number, line in enumerate(outline.lines[: beside.start]):
        found = _ENTRY.match(line)
        if found and found[3] == _slug(beside.title):
            at = number if following is not None else number + 1
            return [Splice(at, at, (f"{found[1]}[{title}](#{_slug(title)})",))]
    return []


def _slug(title: str) -> str:
    """Return what GitHub calls a heading in an address."""
    return _NO_SLUG.sub("", title.lower()).strip().replace(" ", "-")
