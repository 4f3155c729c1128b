"""What is found out about a repository of parts: which there are, and whether they share an environment."""

import json
import os
import sys

import pytest

from bootstrap.commands import Tools
from bootstrap.detect.facts import detect
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.detect.whole import spelled_minor
from bootstrap.errors import ContradictionError, MalformedFileError, UsageError
from bootstrap.model import Answers, Inspection
from bootstrap.proof.collect import Proof
from bootstrap.reports.text import header
from bootstrap.survey import Survey

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts of POSIX")

PARTS = {"backend/requirements.txt": "six\n", "web/requirements.txt": "toml\n", "docs/requirements.txt": "sphinx\n"}


@pytest.fixture
def detected(write, tmp_path, home):
    """Detect a repository of these files with a uv that says whether its parts go together; `.asked` has its words."""
    log = tmp_path / "asked"

    def look(files, answers=None, *, together=True, said=""):
        root = write(files, tmp_path / "shop")
        uv = (
            write({"uv": f'#!/bin/sh\necho "$@" >> {log}\necho "{said}" >&2\nexit {0 if together else 1}\n'}, tmp_path)
            / "uv"
        )
        uv.chmod(0o755)
        env = {"PATH": f"{os.path.dirname(os.path.realpath(sys.executable))}:/usr/bin:/bin", "HOME": str(home)}
        return detect(Reader(root), answers or Answers(), Tools(str(uv), env, None, {}))

    look.asked = lambda: log.read_text().splitlines() if log.exists() else []
    return look


def test_git_is_asked_for_the_last_commit_only_where_it_may_bound_something(detected, monkeypatch):
    asked = []
    monkeypatch.setattr("bootstrap.detect.facts.last_commit", lambda root, _: asked.append(root.name))
    lock = {"pyproject.toml": '[project]\nname = "x"\n', "uv.lock": ""}
    detected({"locked/README.md": ""})
    assert asked == []
    detected(lock)
    assert asked == []
    detected(lock, Answers(additions=("six",)))
    assert asked == ["shop"]


def shape(facts):
    return [(part.path, part.is_shared) for part in facts.parts], facts.needs_environment


def test_parts_that_go_together_share_the_whole_s_environment(detected):
    facts = detected(PARTS)
    assert shape(facts) == ([("backend", True), ("web", True)], True)
    assert facts.dependencies.manager == "parts"
    assert [words.split()[:2] for words in detected.asked()] == [["pip", "compile"]]


def test_parts_that_do_not_have_one_each(detected):
    facts = detected(PARTS, together=False)
    assert shape(facts) == ([("backend", False), ("web", False)], False)
    assert [place for place, _ in facts.every()] == ["backend", "web"]
    assert facts.dependencies is None


TOOLS = [
    {"requirements-dev.txt": "pytest>=7  # runs the tests\n-r more.txt\nflake8-bugbear\n", "more.txt": "ruff\n"},
    {"pyproject.toml": '[dependency-groups]\ndev = ["pytest", "types-six"]\n'},
    {"pyproject.toml": '[project]\nname = "all"\nversion = "0"\n[dependency-groups]\ntest = ["pytest-cov"]\n'},
    {"pyproject.toml": '[tool.poetry]\nname = "all"\n[tool.poetry.group.dev.dependencies]\nblack = "*"\n'},
]


@pytest.mark.parametrize("files", TOOLS)
def test_tools_of_the_root_go_into_the_environment_of_parts_that_go_together(detected, files):
    facts = detected({**PARTS, **files})
    assert shape(facts) == ([("backend", True), ("web", True)], True)
    words = " ".join(facts.dependencies.installs[0].argv)
    assert "--requirements backend/requirements.txt --requirements web/requirements.txt" in words
    assert any(word in words for word in ("requirements-dev.txt", "pyproject.toml:dev", "pyproject.toml:test", "black"))


@pytest.mark.parametrize("files", TOOLS)
def test_tools_of_the_root_have_an_environment_where_the_parts_go_apart(detected, files):
    facts = detected({**PARTS, **files}, together=False)
    assert shape(facts) == ([("backend", False), ("web", False)], True)
    assert [place for place, _ in facts.every()] == ["", "backend", "web"]
    # They go into no part with which they do not go together.
    assert [part.facts.dependencies.title for part in facts.parts] == ["requirements.txt", "requirements.txt"]


def test_tools_of_the_root_go_into_each_part_that_goes_apart_where_they_fit(detected):
    facts = detected({**PARTS, **TOOLS[0]}, Answers(is_apart=True))
    (run,) = facts.parts[0].facts.dependencies.installs
    assert " ".join(run.argv[5:]) == "--requirements ../requirements-dev.txt --requirements requirements.txt"
    assert facts.parts[0].facts.dependencies.title == "requirements.txt, requirements-dev.txt"


def made(title, detected, files):
    """Return the files of an environment in `web` that was made for what it needs: without tools, or with them."""
    every = [detected(files, Answers(is_apart=True), together=fits) for fits in (False, True)]
    web = next(one for facts in every for one in (facts.parts[1].facts.dependencies,) if one.title == title)
    record = json.dumps({"schema": 1, "dependencies": web.fingerprint})
    return {**files, "web/.venv/devstrap.json": record, "web/.venv/pyvenv.cfg": "version = 3.12.1\n"}


DOWN = "error: tcp connect error: Connection refused"


@pytest.mark.parametrize("title", ["requirements.txt", "requirements.txt, requirements-dev.txt"])
@pytest.mark.parametrize("additions", [(), ("attrs",)])
def test_whether_tools_fit_is_as_it_was_where_nobody_can_be_asked(detected, title, additions):
    files = made(
        title, detected, {**PARTS, **TOOLS[0], "web/pyproject.toml": f"[tool.devstrap]\nadditions={[*additions]}\n"}
    )
    facts = detected(files, Answers(is_apart=True), together=False, said=DOWN)
    assert facts.parts[1].facts.dependencies.title == title


def test_whether_tools_fit_is_not_asked_once_they_are_there(detected):
    files = made("requirements.txt, requirements-dev.txt", detected, {**PARTS, **TOOLS[0]})
    before = len(detected.asked())
    detected(files, Answers(is_apart=True))
    assert [words.split()[1] for words in detected.asked()[before:]].count("compile") == 1  # of the other part


@pytest.mark.parametrize(
    "files",
    [
        {"requirements-dev.txt": "pytest\nfastapi\n"},
        {"requirements-dev.txt": "pytest\n-e ./backend\n"},
        {"requirements-dev.txt": "pytest\n", "shop/__init__.py": ""},
        {
            "requirements-dev.txt": "pytest\n",
            "pyproject.toml": '[tool.devstrap]\nrequirements = ["requirements-dev.txt"]\n',
        },
        {"requirements-dev.txt": "pytest\n", "setup.py": ""},
    ],
)
def test_a_root_with_more_than_tools_is_what_is_set_up(detected, files):
    assert detected({**PARTS, **files}).parts == ()


def test_one_part_alone_has_the_tools_of_the_root_as_it_has_among_all(detected):
    facts = detected({**PARTS, **TOOLS[0]}, Answers(parts=("web",)))
    assert shape(facts) == ([("web", False)], False)
    assert facts.parts[0].facts.dependencies.title == "requirements.txt, requirements-dev.txt"


MEMBERS = {
    "uv.lock": "",
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n',
    "libs/core/pyproject.toml": '[project]\nname = "core"\n[dependency-groups]\ntesting = []\n',
    "libs/core/tests/test_it.py": "",
    "libs/old/pyproject.toml": '[project]\nname = "old"\n',
    "libs/old/tests/test_it.py": "",
    "libs/bare/pyproject.toml": '[project]\nname = "bare"\n',
    "libs/none/tests/test_it.py": "",
}


@pytest.mark.parametrize("project", ["", '[project]\nname = "all"\nversion = "0"\n'])
def test_a_workspace_whose_root_has_nothing_but_tools_has_one_environment_all_the_same(detected, project):
    root = f'{MEMBERS["pyproject.toml"]}{project}[dependency-groups]\ndev = ["pytest"]\n'
    facts = detected({**MEMBERS, "pyproject.toml": root})
    assert shape(facts) == ([("libs/core", True)], True)
    assert facts.dependencies.manager == "uv"


def test_members_of_a_workspace_that_have_tests_are_parts_in_its_environment(detected):
    facts = detected(MEMBERS)
    assert shape(facts) == ([("libs/core", True)], True)
    assert facts.dependencies.title == "uv.lock --all-packages --group testing"


@pytest.mark.parametrize("is_apart", [True, False])
def test_what_was_answered_before_is_not_asked_again(detected, is_apart):
    facts = detected(PARTS, Answers(is_apart=is_apart), together=is_apart)
    assert facts.needs_environment != is_apart
    assert detected.asked() == []


@pytest.mark.parametrize(("place", "is_shared"), [("", True), ("web/", False)])
def test_an_environment_that_is_there_tells_how_it_is(detected, place, is_shared):
    made = {f"{place}.venv/devstrap.json": "{}", f"{place}.venv/pyvenv.cfg": "version = 3.12.1\n"}
    facts = detected({**PARTS, **made}, together=not is_shared)
    assert {part.is_shared for part in facts.parts} == {is_shared}
    assert detected.asked() == []


def project(name, required):
    text = f'[project]\nname = "{name}"\nrequires-python = "{required}"\n[build-system]\nrequires = []\n'
    return {f"{name}/pyproject.toml": text}


def test_parts_that_no_python_suits_together_have_one_each(detected):
    facts = detected({**project("old", "<3.11"), **project("new", ">=3.11")})
    assert shape(facts) == ([("new", False), ("old", False)], False)
    assert detected.asked() == []


def test_a_part_is_asked_for_by_its_name(detected):
    facts = detected(PARTS, Answers(parts=("web",)))
    assert shape(facts) == ([("web", False)], False)


@pytest.mark.parametrize(
    ("files", "message", "remedy"),
    [
        (PARTS, "there is no part 'x'", "the parts are backend, web"),
        ({"README.md": ""}, "there is no part 'x'", "no folder has a manifest"),
        ({"requirements.txt": "six\n"}, "the root itself declares what is installed (requirements.txt)", "--root"),
        ({"pyproject.toml": "[tool.devstrap]\nrequirements = []\n"}, "there is no part 'x'", "--part"),
    ],
)
def test_a_part_that_does_not_exist_is_an_error_that_says_which_do(detected, files, message, remedy):
    with pytest.raises(UsageError) as caught:
        detected(files, Answers(parts=("x",)))
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_root_that_declares_something_has_no_parts(detected):
    assert detected({**PARTS, "requirements.txt": "six\n"}).parts == ()


DESCRIBED = '[project]\nname = "shop"\nversion = "0.0.0"\nrequires-python = ">=3.11"\n'


def test_a_root_that_only_describes_the_repository_has_parts(detected):
    facts = detected({**PARTS, "pyproject.toml": DESCRIBED})
    assert shape(facts) == ([("backend", True), ("web", True)], True)
    assert facts.dependencies.manager == "parts"
    assert facts.repository.requires_python.admitted.text == ">=3.11"
    assert [str(part.facts.repository.requires_python.place) for part in facts.parts] == ["../pyproject.toml:4"] * 2


def test_what_ci_installs_for_the_tests_is_not_taken_for_the_whole(detected):
    ci = "jobs:\n  a:\n    steps:\n    - run: pip install -r backend/requirements.txt pytest\n    - run: pytest\n"
    described = f"{DESCRIBED}[tool.pytest.ini_options]\n"
    facts = detected({**PARTS, ".github/workflows/ci.yml": ci, "pyproject.toml": described})
    assert shape(facts) == ([("backend", True), ("web", True)], True)


def test_without_parts_it_is_installed_by_itself_as_before(detected):
    facts = detected({"pyproject.toml": DESCRIBED})
    assert (facts.parts, facts.dependencies.manager, facts.dependencies.title) == ((), "pyproject", "pyproject.toml")
    with pytest.raises(UsageError, match="there is no part 'x'"):
        detected({"pyproject.toml": DESCRIBED}, Answers(parts=("x",)))


@pytest.mark.parametrize(
    ("more", "manager"),
    [({"requirements.txt": "six\n"}, "requirements"), ({"environment.yml": "dependencies:\n- six=1\n"}, "conda")],
)
def test_what_lies_beside_the_description_is_what_is_installed(detected, more, manager):
    facts = detected({**PARTS, **more, "pyproject.toml": DESCRIBED})
    assert (facts.parts, facts.dependencies.manager) == ((), manager)


@pytest.mark.parametrize(
    "more",
    [
        'dependencies = ["six"]\n',
        'dynamic = ["dependencies"]\n',
        '[project.optional-dependencies]\ntest = ["six"]\n',
        '[dependency-groups]\ndev = ["six"]\n',
        "[build-system]\nrequires = []\n",
        '[tool.uv]\ndev-dependencies = ["six"]\n',
        "[tool.devstrap]\ngroups = []\n",
    ],
)
def test_a_description_that_declares_something_has_no_parts(detected, more):
    assert detected({**PARTS, "pyproject.toml": f"{DESCRIBED}{more}"}).parts == ()


@pytest.mark.parametrize(
    ("files", "minor"),
    [
        ({".python-version": "3.11.4\n"}, "3.11"),
        ({}, "3.12"),
        ({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\n'}, "3.12"),
        ({"pyproject.toml": '[project]\nname = "x"\nrequires-python = "<3.11"\n'}, "3.10"),
        ({".python-version": "3\n"}, "3.12"),
    ],
)
def test_it_is_judged_by_the_python_that_it_would_be(write, files, minor):
    assert spelled_minor(detect_repository(write(files))) == minor


UNSOLVABLE = """error: No solution found when resolving dependencies
  cause: Because you require six>=2 and six<2, we can conclude that your requirements are unsatisfiable."""


def test_why_the_parts_go_apart_is_told(detected):
    facts = detected(PARTS, together=False, said=UNSOLVABLE)
    assert facts.apart.startswith("the requirements cannot be met together: six>=2")
    assert f"  apart       {facts.apart}" in header(facts, "1.0").splitlines()
    assert detected(PARTS, Answers(is_apart=True)).apart == ""


def test_what_was_proved_of_a_part_is_not_told_of_the_root_once_more(detected, monkeypatch):
    proof = Proof("pytest", 3)
    monkeypatch.setattr("bootstrap.detect.facts.is_settled", lambda *_: True)
    looked = Inspection(running="3.12.1")
    monkeypatch.setattr("bootstrap.detect.facts._inspected", lambda _, there, *__: (there, looked))
    monkeypatch.setattr("bootstrap.detect.facts.remembered", lambda _, place, __: proof if place else None)
    facts = detected(PARTS, Answers(is_apart=True))
    assert (facts.proof, [part.facts.proof for part in facts.parts]) == (None, [proof, proof])


@pytest.mark.parametrize("files", [PARTS, MEMBERS])
def test_what_is_wrong_with_a_file_of_a_part_is_told_by_its_name_from_the_root(detected, files):
    part = "web" if files is PARTS else "libs/core"
    with pytest.raises(MalformedFileError) as caught:
        detected({**files, f"{part}/pyproject.toml": "x = [\n"})
    assert caught.value.where.startswith(f"{part}/pyproject.toml:")
    named = {f"{part}/pyproject.toml": '[project]\nrequires-python = ">=3.11"\n', f"{part}/.python-version": "3.9\n"}
    with pytest.raises(ContradictionError) as caught:
        detected({**files, **named})
    assert caught.value.where == f"{part}/.python-version:1"


def test_a_network_that_is_down_says_nothing_of_whether_parts_go_together(detected):
    facts = detected(PARTS, together=False, said="error: tcp connect error: Connection refused")
    assert facts.needs_environment
    assert facts.apart == ""


CHOOSABLE = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n[dependency-groups]\nqa = []\nops = []\n'}


def test_what_was_chosen_where_nothing_tells_is_installed_as_long_as_it_is_there(detected):
    assert detected(CHOOSABLE).dependencies.title == "pyproject.toml"
    assert detected(CHOOSABLE, Answers(groups=("qa",))).dependencies.title == "pyproject.toml with group qa"
    assert detected(CHOOSABLE, Answers(groups=("gone",))).dependencies.title == "pyproject.toml"


def test_what_a_part_says_of_an_installation_goes_for_it_and_for_what_it_shares(detected):
    said = {**PARTS, "web/pyproject.toml": "[tool.devstrap]\nadditions = ['attrs']\n"}
    apart = detected(said, together=False)
    added = {part.path: "attrs" in part.facts.dependencies.installs[-1].argv for part in apart.parts}
    assert added == {"backend": False, "web": True}
    assert "attrs" in detected(said, together=True).dependencies.installs[-1].argv


def test_however_many_parts_there_are_git_is_asked_once_and_the_repository_is_looked_through_once(
    detected, monkeypatch
):
    asked, looked = [], []
    monkeypatch.setattr("bootstrap.detect.facts.last_commit", lambda root, _: asked.append(root.name))
    monkeypatch.setattr("bootstrap.survey.survey", lambda root, _: looked.append(root.name) or Survey(()))
    found = detected(PARTS, Answers(is_apart=True))
    assert [part.path for part in found.parts] == ["backend", "web"]
    assert (asked, looked) == (["shop"], ["shop"])
