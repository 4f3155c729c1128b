"""What holds for every file and every policy, shown on random ones.

A document here is drawn as a function: from a policy to the text that agrees with it. So it is known what rewriting has
to give, byte by byte, and where in the data of the document the versions are, without asking devstrap for either.
"""

import ast
import configparser
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewriting import modernized, policy

from bootstrap.rewrite.edits import RefusedEditError
from bootstrap.sites.locate import locate
from bootstrap.survey import derive

LOW, HIGH = 8, 14
BOM = b"\xef\xbb\xbf"
# Everything is drawn in the same way every time: who pushes something else does not find a new counterexample.
SETTINGS = settings(
    max_examples=200, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@dataclass(frozen=True)
class Document:
    path: str
    render: Callable[[object], str]
    parse: Callable[[str], object]
    is_crlf: bool = False
    has_bom: bool = False
    has_last_line_end: bool = True

    def __repr__(self):
        return f"{self.path}:\n{self.text(policy('3.8 3.9 3.10', '3.9')).decode()}"

    def text(self, promised):
        """Return the bytes that agree with a policy."""
        text = self.render(promised)
        text = text if self.has_last_line_end else text.rstrip("\n")
        data = (text.replace("\n", "\r\n") if self.is_crlf else text).encode()
        return BOM + data if self.has_bom else data

    def data(self, content):
        """Return what an independent parser reads, by the path of each value."""
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return dict(_flat(self.parse(text)))


def _flat(data, path=()):
    """Yield values with their paths; a list of plain values is one value, whatever it is that comes and goes."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _flat(value, (*path, key))
    elif isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        for index, value in enumerate(data):
            yield from _flat(value, (*path, index))
    else:
        yield path, data


def _ini(text):
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str
    parser.read_string(text)
    return {name: dict(section) for name, section in parser.items()}


def _module(text):
    """Return the values of a module's constants and keyword arguments, and the shape of all the rest."""
    tree = ast.parse(text)
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            found[ast.unparse(node.targets[0])] = ast.literal_eval(node.value)
        elif isinstance(node, ast.keyword):
            found[node.arg, len(found)] = ast.unparse(node.value)
    return {**found, "shape": re.sub(r"Constant\(.*?\)|elts=\[[^\]]*\]", "#", ast.dump(tree))}


def _lines(text):
    return [line.split() for line in text.split("\n")]


def _commented_json(text):
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


# ---- policies --------------------------------------------------------------------------------------------------------


def _promise(first, size, default):
    return policy(" ".join(f"3.{first + step}" for step in range(size)), f"3.{first + default}")


@st.composite
def promises(draw):
    size = draw(st.integers(2, 4))
    return _promise(draw(st.integers(LOW, HIGH + 1 - size)), size, draw(st.integers(0, size - 1)))


@st.composite
def journeys(draw):
    """Return a policy, and one with as many versions that are newer; they may have some in common."""
    size = draw(st.integers(2, 3))
    default = draw(st.integers(0, size - 1))
    first = draw(st.integers(LOW, HIGH - size))
    return _promise(first, size, default), _promise(draw(st.integers(first + 1, HIGH + 1 - size)), size, default)


def dotted(minor):
    return f"{minor[0]}.{minor[1]}"


def glued(minor):
    return f"{minor[0]}{minor[1]}"


def after(minor):
    return f"{minor[0]}.{minor[1] + 1}"


def moved(document, content, old, new, *, mends=False):
    """Return the content after the change from one policy to another."""
    before, then = (" ".join(map(dotted, one.supported)) for one in (old, new))
    defaults = {"old_default": dotted(old.default), "default": dotted(new.default)}
    return modernized(document.path, content, old=before, new=then, **defaults, mends=mends)


def attempted(document, content, old, new, *, mends=False):
    """Return the same, or the content as it was where the edit is refused: nothing is written then."""
    try:
        return moved(document, content, old, new, mends=mends)
    except RefusedEditError:
        return content


# ---- documents -------------------------------------------------------------------------------------------------------

COMMENTS = st.sampled_from(["", "  # é", "  # why: see 3.8 of the manual"])
QUOTES = st.sampled_from(["'", '"'])


def optional(draw, line):
    return line if draw(st.booleans()) else ""


def listed(draw, indent, spelled, quote=None, *, is_toml=False):
    """Return a function from a policy to a list of all versions: in one line, wrapped, or with one on each line."""
    quote = draw(QUOTES) if quote is None else quote
    layouts = ["flow", "tight", "wrapped", *([] if is_toml else ["block", "flush"])]
    layout, told, end = draw(st.sampled_from(layouts)), draw(COMMENTS), draw(st.sampled_from(["", ","]))
    is_descending = draw(st.booleans())

    def render(promised):
        members = [f"{quote}{spelled(minor)}{quote}" for minor in promised.supported]
        members = members[::-1] if is_descending else members
        if layout == "block":
            return told + "".join(f"\n{indent}  - {one}" for one in members)
        if layout == "flush":
            return told + "".join(f"\n{indent}- {one}" for one in members)
        if layout == "wrapped":
            inner = ",".join(f"\n{indent}  {one}" for one in members)
            return f" [{told}{inner}{end}\n{indent}]"
        return f" [{(', ' if layout == 'flow' else ',').join(members)}]{told}"

    return render


@st.composite
def workflows(draw):
    quote, told, key = draw(QUOTES), draw(COMMENTS), draw(st.sampled_from(["python-version", "python", "py"]))
    matrix = listed(draw, " " * 8, dotted, quote)
    noise = optional(draw, "        node: [18, 3.8]\n")
    ahead = optional(draw, f"        include:\n          - {key}: {quote}3.15-dev{quote}\n            os: é\n")
    variable = optional(draw, "env:\n  PYTHON_VERSION: {quote}{default}{quote}{told}\n  LIMIT: 3.8\n")

    def render(promised):
        default = dotted(promised.default)
        return (
            f"name: é\non: push\n{variable.format(quote=quote, default=default, told=told)}jobs:\n  test:\n"
            f"    strategy:\n      matrix:\n        {key}:{matrix(promised)}\n{noise}{ahead}    steps:\n"
            f"      - uses: actions/setup-node@v3.8\n"
            f"  lint:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n"
            f"          python-version: {quote}{default}{quote}{told}\n          cache: pip\n"
        )

    return ".github/workflows/ci.yml", render, yaml.safe_load


@st.composite
def projects(draw):
    quote, told = draw(QUOTES), draw(COMMENTS)
    form = draw(st.sampled_from([">={low}", ">= {low}", ">={low},<4", ">={low}, <{cap}", ">={low},!=3.0.*"]))
    is_wrapped = draw(st.booleans())
    ruff = optional(draw, f"\n[tool.ruff]\ntarget-version = {quote}py{{glued}}{quote}{told}\nline-length = 38\n")
    mypy = optional(draw, f"\n[tool.mypy]\npython_version = {quote}{{low}}{quote}\n")
    black = listed(draw, "", lambda minor: f"py{glued(minor)}", is_toml=True) if draw(st.booleans()) else None

    def render(promised):
        low = dotted(promised.minimum)
        rows = [f"{quote}Programming Language :: Python :: {dotted(one)}{quote}" for one in promised.supported]
        rows.insert(0, f"{quote}Programming Language :: Python :: 3{quote}")
        classifiers = "".join(f"\n    {row}," for row in rows) + "\n" if is_wrapped else ", ".join(rows)
        target = f"\n[tool.black]\ntarget-version ={black(promised)}\n" if black else ""
        floor = form.format(low=low, cap=after(promised.newest))
        return (
            f"[project]\nname = {quote}é{quote}\nversion = {quote}3.8{quote}\nrequires-python = {quote}{floor}{quote}"
            f"{told}\nclassifiers = [{classifiers}]\ndependencies = [{quote}flask>=3.8,<3.12{quote}]\n"
            f"{ruff.format(glued=glued(promised.minimum))}{mypy.format(low=low)}{target}\n[tool.other]\nlimit = 3.8\n"
        )

    return "pyproject.toml", render, tomllib.loads


@st.composite
def poetry(draw):
    form = draw(st.sampled_from(["^{low}", ">={low},<{cap}", ">={low},<4.0", ">={low}"]))
    quote = draw(QUOTES)

    def render(promised):
        wanted = form.format(low=dotted(promised.minimum), cap=after(promised.newest))
        return f"[tool.poetry.dependencies]\npython = {quote}{wanted}{quote}\nflask = {quote}^3.8{quote}\n"

    return "pyproject.toml", render, tomllib.loads


@st.composite
def setup_configurations(draw):
    form, told = draw(st.sampled_from([">={low}", ">= {low}", ">={low}, <4"])), draw(COMMENTS).strip()

    def render(promised):
        rows = "".join(f"    Programming Language :: Python :: {dotted(one)}\n" for one in promised.supported)
        return (
            f"{told}\n[metadata]\nname = é\nversion = 3.8\nclassifiers =\n    Typing :: Typed\n{rows}\n"
            f"[options]\npython_requires = {form.format(low=dotted(promised.minimum))}\ninstall_requires =\n"
            f"    flask>=3.8\n\n[mypy]\npython_version = {dotted(promised.minimum)}\n"
        )

    return "setup.cfg", render, _ini


@st.composite
def environments(draw):
    layout = draw(st.sampled_from(["line", "lines", "brace", "factors"]))
    told, last = optional(draw, "# é\n"), optional(draw, "lint")
    mapping = draw(st.booleans())

    def render(promised):
        names = [f"py{glued(one)}" for one in promised.supported]
        more = [last] if last else []
        minors = ",".join(map(glued, promised.supported))
        listed_names = {
            "line": ", ".join([*names, *more]),
            "lines": "".join(f"\n    {name}" for name in [*names, *more]),
            "brace": ",".join([f"py{{{minors}}}", *more]),
            "factors": "".join(f"\n    {name}" for name in [f"py{{{minors}}}-{{unit,slow}}", *more]),
        }[layout]
        lines = "".join(f"    {dotted(one)}: py{glued(one)}\n" for one in promised.supported)
        actions = f"\n[gh-actions]\npython =\n{lines}" if mapping else ""
        return (
            f"{told}[tox]\nenvlist = {listed_names}\n\n[testenv]\ntimeout = 3.8\ncommands = pytest {{posargs}}\n\n"
            f"[testenv:docs]\nbasepython = python{dotted(promised.default)}\n{actions}"
        )

    return "tox.ini", render, _ini


@st.composite
def dockerfiles(draw):
    suffix, told = draw(st.sampled_from(["", "-slim", "-slim-bookworm", "-alpine3.18"])), optional(draw, "# é\n")
    argument = draw(st.booleans())

    def render(promised):
        default = dotted(promised.default)
        first = (
            f"ARG PYTHON_VERSION={default}\nFROM python:${{PYTHON_VERSION}}" if argument else f"FROM python:{default}"
        )
        return (
            f"{told}{first}{suffix} AS build\nRUN pip install flask==3.8 \\\n    && echo 3.9\n\n"
            f"FROM postgres:13 as data\nFROM python:{default}{suffix}\n"
            f"COPY --from=build /usr/local/lib/python{default}/site-packages /srv\nLABEL version=3.8\n"
        )

    return draw(st.sampled_from(["Dockerfile", "docker/api.Dockerfile", "Containerfile"])), render, _lines


@st.composite
def hooks(draw):
    quote, layout, told = draw(st.sampled_from(["", "'", '"'])), draw(st.booleans()), draw(COMMENTS)

    def render(promised):
        option = f"{quote}--py{glued(promised.minimum)}-plus{quote}"
        args = f"[{option}]{told}" if layout else f"{told}\n          - {option}"
        return (
            f"default_language_version:\n  python: {quote}python{dotted(promised.default)}{quote}\nrepos:\n"
            f"  - repo: https://github.com/asottile/pyupgrade\n    rev: v3.8.0\n    hooks:\n      - id: pyupgrade\n"
            f"        args: {args}\n"
        )

    return ".pre-commit-config.yaml", render, yaml.safe_load


SENTENCES = (
    "Python {low}+ is needed.",
    "Needs **Python {low}** or newer.",
    "- Python >= {low}",
    "You need Python {low} or later, é.",
    "![Python](https://img.shields.io/badge/python-{low}%2B-blue)",
    "Works with Python {low} to {high}.",
    "Tested on Python {all}.",
)
ASIDES = ("Boards of 3.8 cm.", "Django 3.9 is fine.", "Since 3.8 kg is much: é", "| a | 3.8 |")


@st.composite
def readmes(draw):
    lines = draw(st.lists(st.sampled_from(SENTENCES + ASIDES), min_size=1, max_size=5, unique=True))

    def render(promised):
        minors = [dotted(one) for one in promised.supported]
        told = f"{', '.join(minors[:-1])} and {minors[-1]}"
        return (
            "# É\n\n"
            + "".join(line.format(low=minors[0], high=minors[-1], all=told) + "\n\n" for line in lines).rstrip("\n")
            + "\n"
        )

    return draw(st.sampled_from(["README.md", "CONTRIBUTING.md", "docs/install.rst"])), render, _lines


@st.composite
def makefiles(draw):
    assignment, told = draw(st.sampled_from(["=", "?=", ":="])), optional(draw, "# é\n")

    def render(promised):
        return (
            f"{told}PYTHON {assignment} python{dotted(promised.default)}\nVERSION := 3.8\n\nhelp:\n"
            f'\t@echo "Python {dotted(promised.minimum)}+ is needed"\n'
        )

    return "Makefile", render, _lines


@st.composite
def noxfiles(draw):
    quote = draw(QUOTES)
    versions = listed(draw, "", dotted, quote, is_toml=True)

    def render(promised):
        return (
            f"import nox\n\nPYTHONS ={versions(promised)}\nLIMIT = 38\n\n\n@nox.session(python=PYTHONS)\n"
            f"def tests(session):\n    session.run('pytest')\n\n\n"
            f"@nox.session(python={quote}{dotted(promised.default)}{quote})\ndef lint(session):\n    pass\n"
        )

    return "noxfile.py", render, _module


@st.composite
def small_lists(draw):
    """Return a file with little in it but the list of all versions."""
    told = draw(COMMENTS).strip()
    quote = draw(QUOTES)
    path, before, behind, parse, is_toml = draw(
        st.sampled_from(
            [
                (".travis.yml", "language: python\nnode_js: 3.8\npython:", "", yaml.safe_load, False),
                (".appveyor.yml", "limit: 3.8\nenvironment:\n  PYTHON_VERSION:", "", yaml.safe_load, False),
                ("azure-pipelines.yml", "parameters:\n  limit: 3.8\n  python_versions:", "", yaml.safe_load, False),
                ("hatch.toml", "[[envs.test.matrix]]\npython =", "\n[limits]\nlimit = 3.8", tomllib.loads, True),
            ]
        )
    )
    indent = " " * (len(before.rpartition("\n")[2]) - len(before.rpartition("\n")[2].lstrip()))
    versions = listed(draw, indent, dotted, quote, is_toml=is_toml)
    return path, lambda promised: f"{told}\n{before}{versions(promised)}{behind}\n", parse


@st.composite
def small_files(draw):
    """Return a file with little in it but a version that stands alone."""
    path, text, parse = draw(st.sampled_from(SMALL))
    given_words = {"quote": draw(QUOTES), "told": draw(COMMENTS)}

    def render(promised):
        low, default = promised.minimum, dotted(promised.default)
        return text.format(**given_words, default=default, low=dotted(low), glued=glued(low))

    return path, render, parse


SMALL = (
    (".python-version", "{default}\n", _lines),
    (".tool-versions", "nodejs 18.3.8\npython {default}\n", _lines),
    ("mise.toml", "[tools]\npython = {quote}{default}{quote}{told}\nnode = {quote}3.8{quote}\n", tomllib.loads),
    (
        "Pipfile",
        "[packages]\nflask = {quote}==3.8{quote}\n[requires]\npython_version = {quote}{default}{quote}\n",
        tomllib.loads,
    ),
    ("ruff.toml", "target-version = {quote}py{glued}{quote}{told}\nline-length = 38\n", tomllib.loads),
    ("mypy.ini", "[mypy]\npython_version = {low}\nlimit = 3.8\n", _ini),
    ("pyrightconfig.json", '{{\n  // é\n  "pythonVersion": "{low}",\n  "x": 3.8\n}}\n', _commented_json),
    (
        ".devcontainer/devcontainer.json",
        '{{\n  // é\n  "image": "mcr.microsoft.com/devcontainers/python:1-{default}", "x": "3.8"\n}}\n',
        _commented_json,
    ),
    (".gitlab-ci.yml", "test:\n  image: python:{default}-slim{told}\n  retry: 3.8\n", yaml.safe_load),
    (
        ".circleci/config.yml",
        "jobs:\n  a:\n    docker:\n      - image: cimg/python:{default}{told}\n      - image: redis:3.8\n",
        yaml.safe_load,
    ),
    (
        ".readthedocs.yaml",
        "build:\n  tools:\n    python: {quote}{default}{quote}\n    nodejs: {quote}3.8{quote}\n",
        yaml.safe_load,
    ),
    ("environment.yml", "dependencies:\n  - python={default}{told}\n  - numpy=3.8\n", yaml.safe_load),
    (
        "compose.yaml",
        "version: {quote}3.8{quote}\nservices:\n  web:\n    image: python:{default}-alpine{told}\n",
        yaml.safe_load,
    ),
    (
        "serverless.yml",
        "frameworkVersion: {quote}3.8{quote}\nprovider:\n  runtime: python{default}{told}\n",
        yaml.safe_load,
    ),
    ("setup.py", "from setuptools import setup\n\nsetup(python_requires={quote}>={low}{quote})\n", _module),
    ("scripts/setup.sh", "#!/bin/sh\nVERSION=3.8\nuv venv --python {default}\n", _lines),
)
DATA = (
    *(workflows(), projects(), setup_configurations(), environments(), noxfiles(), small_lists()),
    *(poetry(), dockerfiles(), hooks(), makefiles(), small_files()),
)
# A list in prose that leaves out what is supported may be an example before the change, and is none after it.
KINDS = (*DATA, readmes())


@st.composite
def documents(draw, kinds=KINDS):
    path, render, parse = draw(st.one_of(*kinds))
    is_ini = path.endswith((".ini", ".cfg"))  # configparser takes no BOM
    return Document(path, render, parse, draw(st.booleans()), not is_ini and draw(st.booleans()), draw(st.booleans()))


# ---- properties ------------------------------------------------------------------------------------------------------


@SETTINGS
@given(documents(), promises(), st.booleans())
def test_rewriting_to_the_present_policy_changes_no_byte(document, promised, mends):
    content = document.text(promised)
    assert moved(document, content, promised, promised, mends=mends) == content


@SETTINGS
@given(documents(), journeys())
def test_what_agreed_with_the_old_policy_agrees_with_the_new_one_and_nothing_else_differs(document, journey):
    old, new = journey
    assert moved(document, document.text(old), old, new) == document.text(new)


@SETTINGS
@given(documents(), promises(), promises())
def test_mending_what_has_drifted_twice_is_mending_it_once(document, drifted, promised):
    once = attempted(document, document.text(drifted), promised, promised, mends=True)
    assert attempted(document, once, promised, promised, mends=True) == once


@SETTINGS
@given(documents(DATA), promises(), journeys())
def test_rewriting_twice_is_rewriting_once(document, drifted, journey):
    old, new = journey
    once = attempted(document, document.text(drifted), old, new)
    assert attempted(document, once, new, new) == once


@SETTINGS
@given(documents(), journeys())
def test_there_and_back_restores_every_byte(document, journey):
    old, new = journey
    assert moved(document, moved(document, document.text(old), old, new), new, old) == document.text(old)


def places(document):
    """Return the paths at which the data of a document depend on the policy: no version is in both of these."""
    one, other = (document.data(document.text(policy(versions))) for versions in ("3.8 3.9 3.10", "3.11 3.12 3.13"))
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def elsewhere(document, content):
    declared = places(document)
    return {path: value for path, value in document.data(content).items() if path not in declared}


@SETTINGS
@given(documents(), promises(), promises(), promises())
def test_the_data_differ_only_where_versions_are_declared(document, stated, old, new):
    before = document.text(stated)
    written = attempted(document, before, old, new)
    assert elsewhere(document, written) == elsewhere(document, before)
    assert document.data(written).keys() >= document.data(before).keys() - places(document)


@settings(SETTINGS, max_examples=50)
@given(projects(), workflows(), dockerfiles(), st.lists(documents(), max_size=3), journeys())
def test_a_repository_declares_what_it_was_moved_to(project, workflow, image, others, journey):
    old, new = journey
    drawn = [Document(*parts) for parts in (project, workflow, image)]
    paths = {one.path for one in drawn}
    drawn += [one for one in others if one.path not in paths]
    before = [(one.path, one.text(old)) for one in drawn]
    after = [(one.path, moved(one, one.text(old), old, new)) for one in drawn]
    assert declared(before) == old
    assert declared(after) == new


def declared(files):
    return derive([site for path, content in files for site in locate(path, content)])
