"""Random documents with lists of versions, and random policies: whatever is written there, only versions change."""

import re

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rewriting import modernized
from stepping import in_matrix

from bootstrap.errors import BootstrapError
from bootstrap.syntax import ini, toml, yaml

VERSIONS = [f"3.{minor}" for minor in range(8, 15)]
COMMENTS = st.sampled_from(["", "  # é", "  # why"])


@st.composite
def ranges(draw):
    """Return versions that follow each other, as `3.8 3.9 3.10`."""
    first = draw(st.integers(0, len(VERSIONS) - 1))
    last = draw(st.integers(first, len(VERSIONS) - 1))
    return VERSIONS[first : last + 1]


@st.composite
def lists(draw):
    chosen = draw(st.lists(st.sampled_from(VERSIONS), min_size=1, max_size=6, unique=True))
    chosen.sort(key=lambda version: int(version[2:]), reverse=draw(st.booleans()))
    return chosen + draw(st.lists(st.sampled_from(["lint", "pypy3.9", "3.15-dev"]), max_size=1))


@st.composite
def workflows(draw):
    quote = draw(st.sampled_from(["'", '"']))
    members = [f"{quote}{one}{quote}" for one in draw(lists())]
    comments = [draw(COMMENTS) for _ in members]
    layout = draw(st.sampled_from(["flow", "block", "wrapped", "entries"]))
    if layout == "flow":
        text = f"python-version: [{', '.join(members)}{draw(st.sampled_from(['', ',', ' ']))}]{draw(COMMENTS)}"
    elif layout == "block":
        text = "\n".join(["python-version:", *(f"- {one}{told}" for one, told in zip(members, comments, strict=True))])
    elif layout == "wrapped":
        end = draw(st.sampled_from([",", ""]))
        lines = [f"  {one},{told}" for one, told in zip(members, comments, strict=True)]
        lines[-1] = f"  {members[-1]}{end}{comments[-1]}"
        text = "\n".join(["python-version: [", *lines, "]"])
    else:
        blank = draw(st.sampled_from(["", "\n"]))
        entries = [f"- python-version: {one}{told}\n  os: é" for one, told in zip(members, comments, strict=True)]
        text = "\n".join(["include:", f"\n{blank}".join(entries)])
    return ".github/workflows/a.yml", in_matrix(f"{text}\nother: [1, 2.10, a]"), yaml.load


@st.composite
def projects(draw):
    line = '    "Programming Language :: Python :: {}",{}\n'
    rows = "".join(line.format(one, draw(COMMENTS)) for one in draw(lists()) if one in VERSIONS)
    oldest = draw(st.sampled_from(VERSIONS))
    text = f'[project]\nname = "é"\nrequires-python = ">={oldest}"\nclassifiers = [\n{rows}]\nlimit = 3.8\n'
    return "pyproject.toml", text, toml.load


@st.composite
def environments(draw):
    names = [one.replace("3.", "py3") if one in VERSIONS else "lint" for one in draw(lists())]
    joined = draw(st.sampled_from([",", ", ", "\n    "])).join(names)
    start = draw(st.sampled_from(["", "\n    "])) if "\n" in joined else ""
    return "tox.ini", f"[tox]\nenvlist = {start}{joined}\n\n[testenv]\nlimit = 3.8\n", ini.load


def told(data):
    """Return data with versions taken out, and what is alike then said once."""
    if isinstance(data, dict):
        return {key: told(value) for key, value in data.items()}
    if isinstance(data, list):
        return " ".join(dict.fromkeys(str(told(value)) for value in data))
    return " ".join(dict.fromkeys(re.sub(r"py3\d+|3\.\d+", "#", str(data)).replace(",", " ").split()))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(workflows(), projects(), environments()), ranges(), ranges(), st.booleans())
def test_only_versions_change_and_doing_it_twice_is_doing_it_once(document, old, new, has_default):
    path, text, load = document
    default = new[-1] if has_default else None
    try:
        after = modernized(path, text, old=" ".join(old), new=" ".join(new), default=default)
    except BootstrapError as error:
        assume(False)  # refused: nothing is written
        raise AssertionError from error
    assert told(load(after.encode())) == told(load(text.encode()))
    assert set(re.findall(r"#.*", after)) <= set(re.findall(r"#.*", text))
    settled = " ".join(new)
    assert modernized(path, after, old=settled, new=settled, default=default) == modernized(
        path,
        modernized(path, after, old=settled, new=settled, default=default),
        old=settled,
        new=settled,
        default=default,
    )


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(workflows(), projects(), environments()), ranges(), ranges())
def test_there_and_back_leaves_every_other_byte_alone(document, old, new):
    path, text, _ = document
    there, back = " ".join(old), " ".join(new)
    try:
        after = modernized(path, modernized(path, text, old=there, new=back), old=back, new=there)
    except BootstrapError as error:
        assume(False)
        raise AssertionError from error
    assert elsewhere(after) == elsewhere(text)


def elsewhere(text):
    """Return the lines that are no part of a member."""
    return [line for line in text.splitlines() if line.strip() and not re.search(r"py3|3\.\d|os: é|lint", line)]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(workflows(), projects(), environments()))
def test_a_policy_that_stays_changes_no_byte_of_what_is_supported(document):
    path, text, _ = document
    everything = " ".join(VERSIONS)
    assert modernized(path, text, old=everything, new=everything, default=VERSIONS[-1]) == text
