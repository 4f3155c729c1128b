"""A build from source that is announced, though another Python has wheels: it is stopped for that one, or told."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.errors import ForesightError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Place, Requirement, Run
from bootstrap.process import Completed
from bootstrap.proof import remedies
from bootstrap.proof.elsewhere import Watch
from bootstrap.proof.wheels import Probe
from bootstrap.versions import Range

INSTALL = Run(("uv", "pip", "install", "--python", "{target}", "--requirements", "requirements.txt"), "install it")


def python(version):
    place = Path(f"/opt/{version}")
    return Interpreter(place / "bin/python", f"{version}.1", "cpython", "x86_64", "pyenv", place)


def version_of(command):
    """Return the Python that a question is about: it is named, or is the one that is asked."""
    words = command.argv
    if "--python-version" in words:
        return words[words.index("--python-version") + 1]
    return Path(words[words.index("--python") + 1]).parts[2]


@pytest.fixture
def watched(facts):
    """Watch a build in a repository; `one` has the Pythons with a wheel of it, `all_of_it` those with all wheels."""

    def watch(wanted="numpy==1.19.5", *, one=(), all_of_it=(), path="/usr/bin:/bin", place=".venv", **changes):
        others = changes.pop("others", {})
        own = {"pin": None, **changes.pop("repository", {})}
        found = facts(repository=own, **changes)

        def uv(commands, patience):
            watch.asked += 1
            good = one if "--no-deps" in commands[0].argv else all_of_it
            return [Completed(done.argv, 0 if version_of(done) in good else 1, "", "") for done in commands]

        tools = Tools("/uv", {"PATH": path}, None, {})
        probe = Probe(tools, lambda: [python("3.12"), python("3.9")], uv)
        looking = Watch({".venv": found, **others}, found.repository.root, tools, probe)
        return looking(wanted, INSTALL, place), looking

    watch.asked = 0
    return watch


def test_the_build_is_stopped_for_the_nearest_python_that_has_wheels_of_everything(watched):
    with pytest.raises(ForesightError) as caught:
        watched(one=("3.8", "3.9"), all_of_it=("3.8", "3.9"))
    assert caught.value.message == "numpy==1.19.5 has no wheel for Python 3.12, but for 3.8, 3.9"
    assert caught.value.python == "3.9"
    assert "--python 3.9" in caught.value.remedy
    assert caught.value.exit_code == 4


def test_what_has_no_wheels_anywhere_is_built_without_a_word_and_asked_about_once(watched):
    said, looking = watched()
    assert said == ""
    assert watched.asked == 1
    assert looking("numpy==1.19.5", INSTALL, ".venv") == ""
    assert watched.asked == 1


def test_what_is_tested_on_others_alone_is_built_without_a_question(watched, facts):
    said, _ = watched(one=("3.9",), all_of_it=("3.9",), choice=replace(facts().choice, known=((3, 12),)))
    assert (said, watched.asked) == ("", 0)


def test_a_python_that_is_named_stays_and_where_there_are_wheels_is_told(watched):
    said, _ = watched(one=("3.8", "3.9", "3.10"), all_of_it=("3.9",), asked_python="3.12")
    assert said == "numpy==1.19.5 has no wheel for Python 3.12, but for 3.8 to 3.10: it is built from source"


@pytest.mark.parametrize("why", ["pinned", "bounded", "tested"])
def test_a_python_that_another_part_has_no_use_for_is_not_taken_for_all_of_them(watched, facts, why):
    bounded = Requirement(Range.parse(">=3.11"), Place("pyproject.toml", 3))
    changes = {
        "pinned": {},
        "bounded": {"repository": {"pin": None, "requires_python": bounded}},
        "tested": {"repository": {"pin": None}, "choice": replace(facts().choice, known=((3, 11), (3, 12)))},
    }
    said, _ = watched(one=("3.9",), all_of_it=("3.9",), others={"web/.venv": facts(**changes[why])})
    assert said == (
        "" if why != "pinned" else "numpy==1.19.5 has no wheel for Python 3.12, but for 3.9: it is built from source"
    )


def test_where_no_other_python_has_everything_it_is_built(watched):
    said, _ = watched(one=("3.9",))
    assert said.endswith("but for 3.9: it is built from source")


def test_without_a_compiler_it_is_told_how_to_get_one(watched, tmp_path):
    said, _ = watched(one=("3.9",), path=str(tmp_path))
    assert "there is no compiler: " in said
    (tmp_path / "cc").write_text("")
    (tmp_path / "cc").chmod(0o755)
    assert "compiler" not in watched(one=("3.9",), path=str(tmp_path))[0]


def test_for_documentation_alone_no_other_python_is_taken(watched, facts):
    wanted = replace(facts().dependencies, lean=facts().dependencies)
    groups = {"docs": ["numpy<2"], "dev": ["pytest"]}
    said, _ = watched(
        one=("3.9",),
        all_of_it=("3.9",),
        dependencies=wanted,
        repository={"pyproject": {"project": {"name": "shop"}, "dependency-groups": groups}},
    )
    assert said.endswith("it is built from source")


def test_an_environment_that_nothing_is_known_of_is_not_looked_at(watched):
    assert watched(one=("3.9",), all_of_it=("3.9",), place="other/.venv")[0] == ""
    assert watched.asked == 0


def test_what_was_foreseen_is_remedied_by_that_python_and_by_nothing_else(facts):
    error = ForesightError("numpy==1.19.5 has no wheel for Python 3.12", remedy="name one")
    error.python = "3.9"
    found = facts(committed=datetime(2020, 1, 31, tzinfo=UTC))
    (remedy,) = remedies.after_failure(error, found, Answers())
    assert remedy.answers == Answers(python="3.9")
    assert (remedy.found, remedy.done) == (error.message, "use 3.9, for which there are wheels")
