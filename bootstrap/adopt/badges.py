"""The badges of a README: one for the Pythons and one for the CI, where there are some, written as the last one is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bootstrap.adopt.commands import text_of
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.text import UNREADABLE, opened
from bootstrap.expression import expression
from bootstrap.policy import spelled

if TYPE_CHECKING:
    import re

    from bootstrap.adopt.model import Drafts, Tree, Wishes

_KINDS = (
    expression(
        r"\[!\[(?P<alt>[^\]]*)\]\((?P<image>[^()\s]+)\)\]\((?P<link>[^()\s]+)\)"
        r"|(?<!\[)!\[(?P<alt2>[^\]]*)\]\((?P<image2>[^()\s]+)\)"
    ),
    expression(
        r"<a\s+href=(?P<q>[\"'])(?P<link>[^\"']+)(?P=q)(?:\s+target=[\"']\w+[\"'])?\s*>\s*"
        r"<img\s+(?:alt=(?P<r>[\"'])(?P<alt>[^\"']*)(?P=r)\s+src=(?P<s>[\"'])(?P<image>[^\"']+)(?P=s)"
        r"|src=(?P<t>[\"'])(?P<image2>[^\"']+)(?P=t)(?:\s+alt=(?P<u>[\"'])(?P<alt2>[^\"']*)(?P=u))?)\s*/?>\s*</a>"
    ),
    expression(
        r"(?m)^\.\. image:: (?P<image>\S+)\r?\n"
        r"(?:(?: +:target: (?P<link>\S+)| +:alt: (?P<alt>[^\r\n]+))(?:\r?\n|\Z)){1,2}"
    ),
)
_FIRST = 80
"""How many lines are the head of a README."""
_BADGE = expression(r"(?i)shields\.io|badge|/workflows/[^/]+/[^/]*\.svg")
_TRIGGER = expression(r"(?i)shields\.io/|/workflows/.*badge\.svg")
_BETWEEN = expression(r"(?:[ \t\\]|<br ?/?>|&nbsp;)*(?:\r?\n[ \t]*){0,2}")
_PYTHON_BADGE = expression(r"(?i)pyversions|badge/python|python[- _]?versions?|badge/py-")
_PYTHON_NAMED = expression(r"(?i)\bpython\b(?: versions?)?[ \t*_`:(\[]*(?:>=|≥|>|=)?[ \t`]*v?3\b|\brequires python\b")
_CI = expression(
    r"(?i)actions/workflows/|/workflows/[^\s)]*badge|github/(?:actions/)?workflow/status|check-runs|travis|circleci|"
    r"appveyor|dev\.azure|visualstudio\.com/.*_apis/build|/pipeline|jenkins|buildkite|cirrus-ci|build[ -_]?status"
)
_PYPI_NAME = expression(
    r"shields\.io/pypi/\w+/([A-Za-z0-9._-]+?)(?:\.svg)?(?:[?)\s\"']|$)|badge\.fury\.io/py/([A-Za-z0-9._-]+?)\.svg"
)
_SLUG = expression(r"github\.com/([\w.-]+/[\w.-]+)")
_ACTIONS_SLUG = expression(r"codecov\.io/(?:gh|github)/([\w.-]+/[\w.-]+)")
_RUNS_TESTS = expression(r"\b(?:pytest|unittest|tox|nox|manage\.py test|bootstrap\.py)\b")
_IS_TRIGGERED = expression(r"(?m)\bpull_request\b|^\s*-?\s*push\b|\[[^\]]*\bpush\b")
_USUAL = ("ci", "tests", "test", "main", "build", "python-package", "python-app", "python")
_COMMANDS = expression(r"(?s)(?:```|~~~).*?(?:```|~~~)")


def with_badges(path: str, tree: Tree, wishes: Wishes) -> Drafts:
    """Add to the badges of a README, where it has some and nothing says it yet."""
    data = tree.read(path) or b""
    text = opened(data)
    if text is None:
        if data:
            yield Remark(path, UNREADABLE)
        return
    body = data.decode()
    run = _first_run(body)
    if not run:
        return
    new = [badge for badge in (_python(body, run, wishes), _ci(body, tree)) if badge is not None]
    if new:
        at, added = _copies(body, run, new, text.newline)
        names = " and ".join(badge.alt for badge in new)
        yield Draft(path, (body[:at] + added + body[at:]).encode(), f"show {names} among the badges")


class _Badge(NamedTuple):
    alt: str
    image: str
    link: str


# ---- what is there --------------------------------------------------------------------------------------------------


def _first_run(body: str) -> list[re.Match[str]]:
    """Return the first badges that stand together; none where those are of another kind than shields or workflows."""
    lines = body.split("\n")
    head = "\n".join(lines[:_FIRST])
    for kind in _KINDS:
        found = [one for one in kind.finditer(head) if _BADGE.search(_group(one, "image") or "")]
        run = found[:1]
        for left, right in pairwise(found):
            if not _BETWEEN.fullmatch(head[left.end() : right.start()]):
                break
            run.append(right)
        if run and any(_TRIGGER.search(one[0]) for one in run):
            line = head[head.rfind("\n", 0, run[-1].start()) + 1 : run[-1].start()]
            follows = head[run[-1].end() :].partition("\n")[0]
            is_alone = not follows.strip(" \t\r\\") and "|" not in line
            return run if is_alone and _group(run[-1], "alt") is not None else []
    return []


def _group(found: re.Match[str], name: str) -> str | None:
    span = _span(found, name)
    return None if span is None else found.string[span[0] : span[1]]


def _span(found: re.Match[str], name: str) -> tuple[int, int] | None:
    for group in (name, f"{name}2"):
        if group in found.re.groupindex and found[group] is not None:
            return found.span(group)
    return None


# ---- what is to be added --------------------------------------------------------------------------------------------


def _python(body: str, run: list[re.Match[str]], wishes: Wishes) -> _Badge | None:
    if _PYTHON_BADGE.search(body) or _PYTHON_NAMED.search(_COMMANDS.sub("", body)):
        return None
    shields = [image for image in (_group(one, "image") or "" for one in run) if "shields.io" in image]
    svg = ".svg" if any(image.partition("?")[0].endswith(".svg") for image in shields) else ""
    styles = {part for image in shields for part in image.partition("?")[2].split("&") if part[:6] == "style="}
    style = styles.pop() if len(styles) == 1 and all("style=" in image for image in shields) else ""
    ending = svg + (f"?{style}" if style else "")
    names = {(one[1] or one[2]) for one in _PYPI_NAME.finditer("\n".join(found[0] for found in run))}
    if len(names) == 1:
        name = names.pop()
        return _Badge(
            "Python versions",
            f"https://img.shields.io/pypi/pyversions/{name}{ending}",
            f"https://pypi.org/project/{name}/",
        )
    versions = "%20%7C%20".join(map(spelled, wishes.policy.supported))
    return _Badge(
        "Python versions", f"https://img.shields.io/badge/python-{versions}-blue{ending}", "https://www.python.org/"
    )


def _ci(body: str, tree: Tree) -> _Badge | None:
    if _CI.search(body):
        return None
    slug, workflow = _slug(body, tree), _workflow(tree)
    if slug is None or workflow is None:
        return None
    page = f"https://github.com/{slug}/actions/workflows/{workflow}"
    return _Badge("CI", f"{page}/badge.svg", page)


def _slug(body: str, tree: Tree) -> str | None:
    """Return the repository's name on GitHub, where only one is named."""
    metadata = text_of(tree, "pyproject.toml") + text_of(tree, "setup.cfg")
    badges = "\n".join(one[0] for one in _first_run(body))
    for told in (
        _SLUG.findall(metadata),
        _SLUG.findall(badges) + _ACTIONS_SLUG.findall(badges),
    ):
        names = {str(name).removesuffix(".git").rstrip(".") for name in told}
        if names:
            return min(names) if len({name.lower() for name in names}) == 1 else None
    return None


def _workflow(tree: Tree) -> str | None:
    """Return the file of the workflow that tests the repository, where that can be told."""
    found: list[str] = []
    for path in tree.paths:
        folder, _, name = path.rpartition("/")
        if folder == ".github/workflows" and name.endswith((".yml", ".yaml")):
            text = text_of(tree, path)
            if _RUNS_TESTS.search(text) and _IS_TRIGGERED.search(text):
                found.append(name)
    stems = {name.rpartition(".")[0].lower(): name for name in found}
    usual = next((stems[stem] for stem in _USUAL if stem in stems), None)
    if usual is not None:
        return usual
    return found[0] if len(found) == 1 else None


def _copies(body: str, run: list[re.Match[str]], new: list[_Badge], newline: str) -> tuple[int, str]:
    """Return where the new badges go, and their text: the last one's, with other words and addresses."""
    last = run[-1]
    is_rst = last[0].startswith("..")
    # A directive ends with its line, if that is not the last one of the file.
    close = newline if is_rst and not last[0].endswith("\n") else ""
    gap = body[run[-2].end() : last.start()] if len(run) > 1 else ""
    if not is_rst and not gap:
        before = body[body.rfind("\n", 0, last.start()) + 1 : last.start()]
        gap = newline + ("" if before.strip() else before)
    added = "".join(gap + _copied(last, badge) + close for badge in new)
    return last.end(), close + added.removesuffix(close) if close else added


def _copied(last: re.Match[str], badge: _Badge) -> str:
    spans = [(_span(last, name), value) for name, value in badge._asdict().items()]
    copy, start = last[0], last.start()
    for span, value in sorted(((span, value) for span, value in spans if span is not None), reverse=True):
        copy = copy[: span[0] - start] + value + copy[span[1] - start :]
    return copy
