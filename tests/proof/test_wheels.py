"""Which Pythons uv is asked about after a failure, with which words, and which one is taken."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.errors import StepError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Dependencies, Place, Requirement, Run
from bootstrap.process import Completed
from bootstrap.proof import remedies
from bootstrap.proof.wheels import Failed, Probe, candidates, on_this_machine
from bootstrap.versions import Range

INSTALL = Run(("uv", "pip", "install", "--python", "{target}", "--requirements", "requirements.txt"), "install it")
BUILD = "error: Failed to build `numpy==1.19.5`\n  cause: The build backend returned an error\n"
UNSOLVABLE = (
    "error: No solution found when resolving dependencies\n  cause: Because you require alpha and beta, we can conclude"
    " that your requirements are unsatisfiable.\n"
)
LONG_AGO = datetime(2020, 1, 31, tzinfo=UTC)
TOOLS = Tools("/uv", {}, None, {"UV_DEFAULT_INDEX": "file:///index"})


def python(version, implementation="cpython"):
    place = Path(f"/opt/{version}")
    return Interpreter(place / "bin/python", f"{version}.1", implementation, "x86_64", "pyenv", place)


class Uv:
    """Answers for the Pythons that are given, and remembers what it was asked."""

    def __init__(self, *good, rounds=(1, 2)):
        self.good = good
        self.rounds = rounds
        self.asked = []

    def __call__(self, commands, patience):
        self.asked.append(commands)
        is_time = len(self.asked) in self.rounds
        return [Completed(one.argv, 0 if is_time and self.version(one) in self.good else 1, "", "") for one in commands]

    @staticmethod
    def version(command):
        words = command.argv
        if "--python-version" in words:
            return words[words.index("--python-version") + 1]
        given = dict(command.env).get("UV_PYTHON") or words[words.index("--python") + 1]
        return Path(given).parts[2]


@pytest.fixture
def free(facts):
    """Make facts of a repository that pins no Python; what is given differs."""

    def make(required=None, pyproject=None, **changes):
        bounds = Requirement(Range.parse(required), Place("pyproject.toml", 3)) if required else None
        own = {"pin": None, "requires_python": bounds, "pyproject": pyproject or {}}
        return facts(repository=own, **changes)

    return make


@pytest.fixture
def nearest(free):
    """Return what is found nearest to 3.12 for a failed command, and what uv was asked."""

    def find(uv, run=INSTALL, said=BUILD, here=("3.12", "3.9"), **changes):
        found = free(**changes)
        probe = Probe(TOOLS, lambda: [python(version) for version in here], uv)
        return probe.nearest(Failed(run, said, found, found.repository.root), (3, 12))

    return find


def test_the_nearest_python_with_wheels_is_found_in_one_round(nearest):
    uv = Uv("3.8", "3.9")
    assert nearest(uv) == (3, 9)
    assert len(uv.asked) == 2
    assert [uv.version(one) for one in uv.asked[0]] == ["3.11", "3.10", "3.9", "3.8"]
    assert all(words.argv[-2:] == ("--only-binary", ":all:") for words in uv.asked[0])


TAKEN = "Would install 1 package\n + numpy==1.19.5\n"
OTHER = "Would install 1 package\n + numpy==1.16.0\n"


@pytest.mark.parametrize(
    ("with_wheels", "plain", "code", "expected"),
    [
        (TAKEN, TAKEN, 0, (3, 11)),
        (OTHER, TAKEN, 0, None),  # only an older one has wheels, and nobody would take that
        ("", "", 0, (3, 11)),  # it is not needed there
        (TAKEN, BUILD, 2, None),
        (TAKEN, BUILD.replace("numpy", "scipy"), 2, (3, 11)),
    ],
)
def test_a_python_for_which_only_other_releases_have_wheels_is_none(nearest, with_wheels, plain, code, expected):
    def uv(commands, patience):
        is_plain = not any("--only-binary" in one.argv for one in commands)
        said, ended = (plain, code) if is_plain else (with_wheels, 0)
        return [Completed(one.argv, ended, "", said) for one in commands]

    assert nearest(uv) == expected


def test_a_question_is_the_command_that_failed_and_installs_nothing(nearest):
    uv = Uv("3.9")
    nearest(uv)
    words = next(one.argv for one in uv.asked[0] if uv.version(one) == "3.9")
    assert words[:4] == ("/uv", "pip", "install", "--python")
    assert words[4] == "/opt/3.9/bin/python"
    assert words[5:7] == ("--requirements", "requirements.txt")
    assert "--dry-run" in words
    assert not Path(words[words.index("--target") + 1]).exists()
    assert uv.asked[0][0].env["UV_DEFAULT_INDEX"] == "file:///index"


def test_a_python_that_is_not_here_is_asked_about_by_its_version(nearest):
    uv = Uv("3.11")
    assert nearest(uv) == (3, 11)
    words = uv.asked[0][0].argv
    assert words[words.index("--python") + 1] == "/opt/3.12/bin/python"


def test_where_not_everything_has_wheels_those_of_what_failed_are_enough(nearest):
    uv = Uv("3.9", rounds=(2,))
    assert nearest(uv) == (3, 9)
    assert uv.asked[1][0].argv[-2:] == ("--only-binary", "numpy")


def test_the_project_itself_may_be_built_since_it_has_no_wheel(nearest):
    uv = Uv("3.9")
    nearest(uv, pyproject={"project": {"name": "shop"}})
    assert uv.asked[0][0].argv[-4:] == ("--only-binary", ":all:", "--no-binary", "shop")


def test_what_a_lock_names_is_asked_of_uv_sync_for_the_pythons_that_are_here(nearest):
    target = (("UV_PROJECT_ENVIRONMENT", "{target}"), ("UV_PYTHON", "{python}"))
    uv = Uv("3.9")
    assert nearest(uv, Run(("uv", "sync", "--frozen"), "sync", env=target)) == (3, 9)
    assert [one.argv for one in uv.asked[0]] == [
        ("/uv", "sync", "--frozen", "--dry-run", "--no-build-package", "numpy")
    ]


def test_the_files_that_a_command_reads_from_the_environment_are_there_for_the_question(nearest):
    lock = Dependencies("pdm", "pdm.lock", (), "f1", files=(("devstrap-lock.txt", "numpy==1.19.5\n"),))
    run = Run(("uv", "pip", "install", "--python", "{target}", "--requirements", "{target}/devstrap-lock.txt"), "it")
    seen = []

    def uv(commands, patience):
        seen.extend(Path(one.argv[one.argv.index("--requirements") + 1]).read_text() for one in commands)
        return [Completed(one.argv, 1, "", "") for one in commands]

    assert nearest(uv, run, dependencies=lock) is None
    assert set(seen) == {"numpy==1.19.5\n"}


@pytest.mark.parametrize(
    "changes",
    [
        {"run": Run(("uv", "venv", "{target}"), "create it")},
        {"said": "error: Failed to build `shop @ ROOT`\n"},
        {"here": ()},
        {"required": "==3.12.*"},
    ],
)
def test_nothing_is_asked_where_no_other_python_can_help(nearest, free, changes):
    said = changes.get("said", BUILD).replace("ROOT", free().repository.root.as_uri())
    uv = Uv("3.9", "3.11")
    assert nearest(uv, **{**changes, "said": said}) is None
    assert uv.asked == []


@pytest.mark.parametrize(
    ("required", "now", "here", "expected"),
    [
        (None, (3, 12), (), [11, 10, 9, 8]),
        (None, (3, 12), ((3, 6), (3, 7)), [11, 10, 9, 8, 7, 6]),
        (">=3.10", (3, 12), (), [11, 10]),
        ("<3.10", (3, 9), (), [8]),
        (None, (3, 9), (), [8, 10, 11, 12]),
        (None, (3, 14), (), [13, 12, 11, 10, 9, 8]),
    ],
)
def test_the_pythons_that_are_admitted_and_can_be_had_are_candidates(free, required, now, here, expected):
    found = candidates(free(required), now, dict.fromkeys(here))
    assert [minor for _, minor in found] == expected


def failure(said):
    error = StepError("could not install", remedy="mend it")
    error.said, error.run = said, INSTALL
    return error


def tried(found, said, uv):
    probe = Probe(TOOLS, lambda: [python("3.12"), python("3.9")], uv)
    return [(one.answers.python, one.done) for one in remedies.after_failure(failure(said), found, Answers(), probe)]


def test_a_package_that_cannot_be_built_leads_to_the_python_that_has_its_wheels(free):
    python, done = tried(free(), BUILD, Uv("3.9"))[0]
    assert (python, done) == ("3.9", "use 3.9, the nearest Python for which there are wheels")


def test_what_the_system_lacks_no_other_answer_brings(free):
    said = BUILD + "\n         [stderr]\n         x.c:1:10: fatal error: libpq-fe.h: No such file or directory\n"
    assert tried(free(committed=LONG_AGO), said, Uv()) == []
    assert tried(free(committed=LONG_AGO), said, Uv("3.9"))[0][0] == "3.9"


def test_what_has_no_wheels_for_any_python_is_built_with_older_ones_as_before(free):
    assert [python for python, _ in tried(free(), BUILD, Uv())] == ["3.11"]


def test_requirements_that_do_not_go_together_lead_to_a_python_only_where_they_do(free):
    assert tried(free(), UNSOLVABLE, Uv("3.9")) == [("3.9", "use 3.9, the nearest Python for which they go together")]
    assert tried(free(), UNSOLVABLE, Uv()) == []


def test_a_lock_without_a_wheel_for_this_python_leads_to_one_for_which_it_has_one(free):
    said = "error: Distribution `alpha==1 @ registry+x` can't be installed because it doesn't have a source "
    said += "distribution or wheel for the current platform\n"
    uv = Uv("3.9")
    assert tried(free(), said, uv) == [("3.9", "use 3.9, the nearest Python for which there is one of each")]
    assert not {"--only-binary", "--no-build-package"} & {word for one in uv.asked[0] for word in one.argv}


def test_a_name_that_no_index_has_is_asked_about_nowhere(free):
    uv = Uv("3.9")
    said = UNSOLVABLE.replace("you require alpha and beta", "alpha was not found in the package registry")
    assert tried(free(), said, uv) == []
    assert uv.asked == []


def test_a_python_that_the_repository_names_stays(facts):
    uv = Uv("3.9")
    assert tried(facts(), BUILD, uv) == []
    assert uv.asked == []


def test_the_pythons_of_the_machine_are_looked_for_once_and_only_if_somebody_asks(free, monkeypatch):
    from bootstrap.detect import interpreters

    calls = []
    monkeypatch.setattr(interpreters, "find_interpreters", lambda *_, **__: calls.append(1) or (python("3.9"),))
    probe = on_this_machine(TOOLS, free(interpreters=()))
    assert calls == []
    assert [one.version for one in (*probe.interpreters(), *probe.interpreters())] == ["3.9.1", "3.9.1"]
    assert calls == [1]
