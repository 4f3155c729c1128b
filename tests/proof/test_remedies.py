"""What is tried after a failure: each remedy where it helps, once, and nothing where only a person can help."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import StepError
from bootstrap.machine import Interpreter
from bootstrap.model import Answers, Choice, Inspection, Part, Run, Settings
from bootstrap.proof import building, names, remedies
from bootstrap.proof.another import older_python
from bootstrap.proof.collect import Proof
from bootstrap.proof.remedy import Case
from bootstrap.proof.wheels import Probe
from bootstrap.setup.moment import Moment

NONE = Answers()
LONG_AGO = datetime(2020, 1, 31, tzinfo=UTC)
BY_RULE = Moment(LONG_AGO, "as of 2020-01-31, the last commit")


def failure(said):
    error = StepError("could not install", remedy="mend it")
    error.said = said
    return error


@pytest.fixture
def free(facts):
    """Make facts of a repository that pins no Python; what is given differs."""

    def make(*, repository=None, **changes):
        return facts(repository={"pin": None, **(repository or {})}, **changes)

    return make


@pytest.fixture
def after(free):
    """Return what is tried after a command that said this."""

    def find(said, answers=NONE, **changes):
        return list(remedies.after_failure(failure(said), free(**changes), answers))

    return find


@pytest.fixture
def proving(free):
    """Return what is tried where the tests are not collected for these reasons."""

    def find(*reasons, answers=NONE, output="", **changes):
        found = free(proof=Proof("pytest", broken=1, reasons=reasons, output=output), **changes)
        return list(remedies.after_proof(found, answers))

    return find


def done(found):
    return [one.done for one in found]


# ---- what a person has to mend --------------------------------------------------------------------------------------

UNSOLVABLE = "error: No solution found when resolving dependencies\n  cause: your requirements are unsatisfiable\n"


@pytest.mark.parametrize(
    "said",
    [
        "error: Failed to fetch: https://example.com/simple/six/\n  cause: Connection refused (os error 111)\n",
        f"{UNSOLVABLE}hint: Packages were unavailable because the network was disabled.\n",
        "error: No space left on device (os error 28)\n",
        "error: Disk quota exceeded\n",
        "error: Permission denied (os error 13)\n",
        "error: Read-only file system (os error 30)\n",
        "error: Failed to download six\n  cause: Hash mismatch for six==1.0\n",
        f"{UNSOLVABLE}hint: An index could not be queried due to a lack of valid authentication credentials\n",
        f"{UNSOLVABLE}hint: could not be queried (401 Unauthorized).\n",
        f"{UNSOLVABLE}hint: could not be queried (403 Forbidden).\n",
        "error: invalid peer certificate: UnknownIssuer\n",
    ],
)
def test_for_a_network_a_disk_rights_and_hashes_there_is_no_remedy(after, said):
    assert after(said, committed=LONG_AGO) == []
    assert after(f"{said}error: Failed to build x\nuse_2to3 is invalid\n", committed=LONG_AGO) == []


@pytest.mark.parametrize("said", ["", "error: something nobody has heard of\n"])
def test_for_what_is_not_known_there_is_none_either(after, said):
    assert after(said, committed=LONG_AGO) == []


def test_where_nothing_is_installed_nothing_can_be_tried(after, free):
    assert after(UNSOLVABLE, committed=LONG_AGO, dependencies=None) == []
    bare = free(dependencies=None, proof=Proof("pytest", reasons=("No module named 'pytest'",)))
    assert list(remedies.after_proof(bare, Answers())) == []


# ---- build tools ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "bound"), building._BUILD_TOOLS)
def test_a_build_that_fails_for_its_tools_gets_older_ones_once(after, words, bound):
    said = f"error: Failed to build x\n[stderr]\n{words}\n"
    first = after(said)[0]
    assert first.answers.build_constraints == (bound,)
    assert first.done == f"build with {bound}"
    assert "newer versions of" in first.found
    assert all(one.answers.build_constraints == (bound,) for one in after(said, first.answers))
    assert f"build with {bound}" not in done(after(said, first.answers))


def test_a_second_bound_of_one_tool_replaces_the_first_and_others_stay(after):
    answers = Answers(build_constraints=("setuptools<72", "cython<3"))
    found = after("error: Failed to build x\nuse_2to3 is invalid\n", answers)
    assert found[0].answers.build_constraints == ("cython<3", "setuptools<58")


def test_after_the_tools_come_another_time_and_an_older_python(after):
    found = after("error: Failed to build x\nuse_2to3 is invalid\n", committed=LONG_AGO)
    assert done(found) == [
        "build with setuptools<58",
        "install what had been released by the last commit, 2020-01-31",
        "use 3.11",
    ]


# ---- another time ---------------------------------------------------------------------------------------------------


def test_what_cannot_be_met_is_tried_as_of_the_last_commit(after):
    found = after(UNSOLVABLE, committed=LONG_AGO)
    # the day: `commit` would go with whatever somebody commits next
    assert found[0].answers == Answers(as_of="2020-01-31")
    assert found[0].found == "the requirements cannot be met together"


def test_where_the_rule_took_the_commit_s_time_the_newest_is_tried(after):
    found = after(UNSOLVABLE, committed=LONG_AGO, moment=BY_RULE)
    assert found[0].answers == Answers(as_of="now")
    assert found[0].found == "the requirements cannot be met together, as of 2020-01-31, the last commit"


@pytest.mark.parametrize(
    ("answers", "changes"),
    [
        (Answers(as_of="now"), {"committed": LONG_AGO}),
        (Answers(as_of="commit"), {"committed": LONG_AGO}),
        (Answers(as_of="2020-01-01"), {"committed": LONG_AGO, "moment": BY_RULE._replace(is_asked=True)}),
        (Answers(), {}),
    ],
)
def test_a_time_that_was_asked_for_or_that_nobody_knows_is_not_changed(after, answers, changes):
    assert all(one.answers.as_of == answers.as_of for one in after(UNSOLVABLE, answers, **changes))


def test_a_lock_is_of_its_own_time(after, facts):
    locked = replace(facts().dependencies, is_locked=True)
    assert all(one.answers.as_of is None for one in after(UNSOLVABLE, committed=LONG_AGO, dependencies=locked))


# ---- an older Python ------------------------------------------------------------------------------------------------


def python(version):
    place = Path("/opt/python")
    return Interpreter(place / "bin" / "python", version, "cpython", "x86_64", "path", place)


def running(version):
    return Choice(version, "", python(version))


def test_where_nothing_tells_which_the_usual_ones_are_tried_in_turn(after):
    tried = []
    now = "3.13.0"
    for _ in range(5):
        found = [one for one in after(UNSOLVABLE, choice=running(now), interpreters=()) if one.answers.python]
        if not found:
            break
        now = found[0].answers.python
        tried.append(now)
    assert tried[:2] == ["3.11", "3.9"]
    assert set(tried[2:]) <= {"3.7", "3.6"}  # as far as this machine has them


def test_one_that_nobody_distributes_is_tried_only_where_it_is_on_this_machine(after):
    found = after(UNSOLVABLE, choice=running("3.9.1"), interpreters=(python("3.9.1"), python("3.12.1")))
    assert found == []
    found = after(UNSOLVABLE, choice=running("3.9.1"), interpreters=(python("3.9.1"), python("3.7.9")))
    assert done(found) == ["use 3.7"]


@pytest.mark.parametrize(
    ("required", "step"), [(">=3.8", "3.11"), (">=3.8,<3.11", "3.9"), (">=3.12", None), ("<4", "3.11")]
)
def test_one_that_the_repository_does_not_admit_is_not_tried(after, tmp_path, required, step):
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\nrequires-python = "{required}"\n')
    found = after(UNSOLVABLE, repository={"requires_python": detect_repository(tmp_path).requires_python})
    assert [one.answers.python for one in found] == ([step] if step else [])


@pytest.mark.parametrize("module", names.DROPPED)
def test_a_module_that_python_dropped_asks_for_the_last_that_had_it(proving, module):
    last = names.DROPPED[module]
    here = tuple(python(f"3.{minor}.1") for minor in range(6, 14))
    found = proving(f"ModuleNotFoundError: No module named '{module}'", choice=running("3.13.0"), interpreters=here)
    assert [one.answers.python for one in found if one.answers.python] == [f"3.{last[1] - 1}"]
    assert found[0].found == f"it uses what Python 3.{last[1]} no longer has (Python 3.13)"


@pytest.mark.parametrize(("words", "gone"), names.OUTGROWN)
def test_words_that_tell_that_python_is_too_new_ask_for_an_older_one(after, words, gone):
    here = tuple(python(f"3.{minor}.1") for minor in range(6, 14))
    found = after(f"error: Failed to build x\n{words}\n", choice=running("3.13.0"), interpreters=here)
    assert found[0].answers.python == f"3.{gone[1] - 1}"
    older = after(f"error: it\n{words}\n", choice=running(f"3.{gone[1] - 1}.0"), interpreters=here)
    assert all(one.answers.python != found[0].answers.python for one in older)


def test_the_oldest_of_several_bounds_decides(proving):
    found = proving("No module named 'imp'", "No module named 'binhex'", choice=running("3.13.0"))
    assert [one.answers.python for one in found] == ["3.10"]


def test_a_python_that_the_repository_names_is_never_lowered(facts):
    settings = Settings(default=facts().repository.pin)
    for found in (facts(), facts(repository={"pin": None, "settings": settings})):
        assert list(remedies.after_failure(failure(UNSOLVABLE), found, Answers())) == []
        proof = Proof("pytest", reasons=("ModuleNotFoundError: No module named 'imp'",))
        assert list(remedies.after_proof(replace(found, proof=proof), Answers())) == []


def test_a_python_that_has_to_be_installed_is_known_by_its_request(after):
    assert done(after(UNSOLVABLE, choice=Choice("3.12", "", must_install=True))) == ["use 3.11"]
    assert done(after(UNSOLVABLE, choice=Choice("3", "", must_install=True))) == ["use 3.11"]


UNREACHABLE = "error: Failed to download python\n  cause: error sending request for url\n  cause: dns error\n"


def not_installed(request):
    error = StepError(f"could not install Python {request}: it is out of reach", remedy="mend it")
    error.said = UNREACHABLE
    return error


def test_where_a_python_that_nobody_named_cannot_be_installed_the_nearest_at_hand_is_used(free, facts, tmp_path):
    here = (python("3.12.1"), python("3.10.1"), python("3.11.2"))
    found = free(choice=Choice("3.9", "", must_install=True), interpreters=here)
    (remedy,) = remedies.after_failure(not_installed("3.9"), found, NONE)
    assert remedy.answers == Answers(python="3.10")
    assert remedy.found == "Python 3.9 is not on this machine, and cannot be installed"
    assert remedy.done == "use 3.10, which is"
    assert list(remedies.after_failure(not_installed("3.9"), replace(found, interpreters=()), NONE)) == []
    assert list(remedies.after_failure(not_installed("3.9"), found, Answers(python="3.9"))) == []
    assert list(remedies.after_failure(failure(UNREACHABLE), found, NONE)) == []
    pinned = facts(choice=found.choice, interpreters=here)
    assert list(remedies.after_failure(not_installed("3.9"), pinned, NONE)) == []
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = "<3.11"\n')
    bound = {"pin": None, "requires_python": detect_repository(tmp_path).requires_python}
    (remedy,) = remedies.after_failure(
        not_installed("3.9"), facts(repository=bound, choice=found.choice, interpreters=here), NONE
    )
    assert remedy.answers.python == "3.10"


# ---- what is missing ------------------------------------------------------------------------------------------------


def test_a_plugin_that_only_the_configuration_names_is_added_once(proving):
    output = "ERROR: usage: x\n__main__.py: error: unrecognized arguments: --timeout=3 --cov\n"
    (found,) = proving("unrecognized arguments: --timeout=3 --cov", output=output)
    assert found.answers == Answers(additions=("pytest-timeout", "pytest-cov"))
    assert found.found == "pytest is configured for pytest-timeout, pytest-cov, which was not installed"
    assert found.done == "install pytest-timeout, pytest-cov in addition"
    assert proving("unrecognized arguments: --timeout=3 --cov", output=output, answers=found.answers) == []


def test_a_module_that_is_known_is_added_once_and_what_was_added_stays(proving):
    reasons = ("ModuleNotFoundError: No module named 'yaml'", "ModuleNotFoundError: No module named 'yaml.loader'")
    (found,) = proving(*reasons, answers=Answers(additions=("six",)))
    assert found.answers == Answers(additions=("six", "pyyaml"))
    assert found.found == "yaml cannot be imported, since it was not installed"
    assert proving(*reasons, answers=found.answers) == []


def test_several_missing_modules_are_one_remedy(proving):
    (found,) = proving("No module named 'yaml'", "No module named 'requests'", "No module named 'shop_of_somebody'")
    assert found.answers.additions == ("pyyaml", "requests")


def test_pytest_itself_is_added_where_nothing_declares_it(proving):
    (found,) = proving("No module named 'pytest'")
    assert found.answers.additions == ("pytest",)


def test_what_the_repository_says_somewhere_goes_before_a_name_that_is_known(proving, write, facts):
    write({"requirements-test.txt": "PyYAML==6.0\npytest-timeout<2\n"}, facts().repository.root)
    (found,) = proving("No module named 'yaml'")
    assert found.answers.additions == ("PyYAML==6.0",)
    (found,) = proving("unrecognized arguments: --timeout", output="error: unrecognized arguments: --timeout\n")
    assert found.answers.additions == ("pytest-timeout<2",)


STARLETTE = """\
E   RuntimeError: The starlette.testclient module requires the httpx package to be installed.
E   You can install this with:
E       $ pip install httpx2
"""


def test_what_an_error_says_to_install_is_installed_once(proving):
    (found,) = proving("RuntimeError: The starlette.testclient module requires httpx2", output=STARLETTE)
    assert found.answers.additions == ("httpx2",)
    assert found.found == "an error says to install httpx2"
    assert proving("RuntimeError: it is broken", output=STARLETTE, answers=found.answers) == []
    said = "ImportError: Dask requirements are not installed. Use `pip install 'dask[array,dataframe]'`"
    (found,) = proving(said)
    assert found.answers.additions == ("dask[array,dataframe]",)
    assert proving("ImportError: no libfoo", output="warning: you may pip install pytest-xdist\n") == []


def test_an_extra_of_the_project_that_an_error_names_is_what_that_asks_for(facts, free):
    pyproject = {"project": {"name": "shop", "optional-dependencies": {"docker": ["docker>=7"], "slow": ["numpy"]}}}
    said = "ImportError: Ensure you have Docker with `pip install shop[...,docker]`."
    proof = Proof("pytest", 3, 1, 1, (said,), said)
    one = free(repository={"pyproject": pyproject, "name": "shop"}, proof=proof)
    (found,) = remedies.after_proof(one, NONE)
    assert found.answers.additions == ("docker>=7",)


def test_packages_below_one_that_they_share_are_told_by_their_whole_names(proving, write, facts):
    files = {"requirements-ci.txt": "google-cloud-storage>=2\ngoogle-cloud-pubsub\nsix\n"}
    write(files, facts().repository.root)
    (found,) = proving("No module named 'google.cloud.storage'", "No module named 'google.cloud.pubsub'")
    assert found.answers.additions == ("google-cloud-storage>=2", "google-cloud-pubsub")
    assert found.found.startswith("google.cloud.storage, google.cloud.pubsub cannot be imported")


@pytest.mark.parametrize("name", ["yaml.py", "yaml/__init__.py", "src/yaml.py", "src/yaml/__init__.py"])
def test_a_module_of_the_repository_s_own_is_not_looked_for_elsewhere(proving, write, facts, name):
    write({name: ""}, facts().repository.root)
    assert proving("ModuleNotFoundError: No module named 'yaml'") == []


def test_an_unknown_module_is_no_guess(proving):
    assert proving("ModuleNotFoundError: No module named 'shop_of_somebody'", committed=LONG_AGO) == []


def test_an_import_of_the_project_that_fails_counts_like_one_of_its_tests(free):
    inspection = Inspection(broken_imports=(("shop", "ModuleNotFoundError: No module named 'six'"),))
    (found,) = remedies.after_proof(free(inspection=inspection), Answers())
    assert found.answers.additions == ("six",)


@pytest.mark.parametrize("reason", ["ImportError: cannot import name 'x' from 'y'", "TypeError: f() got an argument"])
def test_packages_that_do_not_fit_the_code_are_tried_as_of_the_last_commit(proving, reason):
    (found,) = proving(reason, committed=LONG_AGO)
    assert found.answers == Answers(as_of="2020-01-31")
    assert found.found == f"what is installed does not fit the code ({reason})"


@pytest.mark.parametrize("reason", ["KeyError: 'TOKEN'", "FileNotFoundError: data.csv"])
def test_a_setting_that_is_missing_is_no_matter_of_time(proving, reason):
    assert proving(reason, committed=LONG_AGO) == []


def test_where_the_tests_are_collected_nothing_is_tried(free):
    assert list(remedies.after_proof(free(proof=Proof("pytest", 3, 1)), Answers())) == []
    assert list(remedies.after_proof(free(), Answers())) == []


def test_what_installed_packages_require_and_a_lock_forgot_is_added_once(free):
    conflicts = (
        "The package `a` requires `colorama>=1 ; os_name == 'nt'`, but it's not installed",
        "The package `b` requires `six`, but it's not installed",
        "The package `d` requires `colorama`, but it's not installed",
        "The package `c` requires `toml<2`, but `2.0` is installed",
    )
    found = free(inspection=Inspection(conflicts=conflicts))
    (remedy,) = remedies.after_proof(found, Answers(additions=("x",)))
    assert remedy.answers.additions == ("x", "colorama>=1", "six")
    assert list(remedies.after_proof(found, remedy.answers)) == []


def test_the_project_is_not_fetched_from_an_index_because_a_tool_of_its_own_requires_it(free):
    conflicts = (
        "The package `linter` requires `Shop>=5`, but it's not installed",
        "The package `linter` requires `setuptools>=18`, but it's not installed",
        "The package `other` requires `setuptools`, but it's not installed",
    )
    found = free(repository={"name": "shop"}, inspection=Inspection(conflicts=conflicts))
    (remedy,) = remedies.after_proof(found, NONE)
    assert remedy.answers.additions == ("setuptools>=18",)
    older = replace(found, choice=Choice("3.8", "tested"))
    (remedy,) = remedies.after_proof(older, NONE)
    assert remedy.answers.additions == ("setuptools<60",)


PINNED = f"{UNSOLVABLE}  cause: Because there is no version of Old_Tool==1.0 and you require Old_Tool==1.0\n"


def test_of_what_is_pinned_to_a_deleted_version_another_is_taken_once(after):
    newer = Answers(exempt=("old-tool",))
    found = after(PINNED, newer, moment=BY_RULE)[0]
    assert found.answers == Answers(loosened=("old-tool",))
    assert (found.found, found.done) == ("old-tool 1.0 is not on the index any more", "take another version of it")
    assert all(one.answers.loosened == ("old-tool",) for one in after(PINNED, found.answers, moment=BY_RULE))


def test_a_pin_of_today_that_the_index_does_not_have_is_for_a_person(after):
    assert [one for one in after(PINNED) if one.answers.loosened or one.answers.exempt] == []


@pytest.mark.parametrize(
    ("said", "is_spoiled"),
    [
        ("  cause: Built wheel has an invalid filename\n", True),
        ("  cause: Failed to extract archive: old-tool\n", True),
        ("  cause: The build backend returned an error\n", False),
    ],
)
def test_another_version_is_taken_of_what_cannot_be_unpacked_or_named(after, said, is_spoiled):
    text = f"error: Failed to download and build `old-tool==1.0`\n{said}"
    found = [one.answers for one in after(text, Answers(exempt=("old-tool",))) if one.answers.loosened]
    assert found == ([Answers(loosened=("old-tool!=1.0",))] if is_spoiled else [])


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("Twisted==18.7.0", "twisted==19.7.0"),
        ("twisted>=16.0.0,<19", "twisted==19.7.0"),
        ("old-tool==1.0", "old-tool>1.0"),
        ("old-tool", "old-tool"),
    ],
)
def test_a_newer_release_is_taken_of_what_is_in_no_archive_that_uv_unpacks(after, what, wanted):
    said = f"{UNSOLVABLE}  cause: Because {what} has a non-PEP 625-compliant source distribution filename and you\n"
    name = wanted.partition("=")[0].partition(">")[0]
    first = after(said)[0]
    assert first.answers == Answers(loosened=(wanted,), exempt=(name,))
    assert first.found == f"{name} of that time is in no archive that can be unpacked here"
    assert all(wanted not in one.answers.loosened[1:] for one in after(said, first.answers))


def test_the_version_of_another_time_is_looked_for_before_it_is_given_up(after):
    newer = after(PINNED, moment=BY_RULE)[0]
    assert newer.answers == Answers(exempt=("old-tool",))
    assert (newer.found, newer.done) == ("old-tool 1.0 cannot be had as of 2020-01-30", "take it although it is newer")
    assert after(PINNED, newer.answers, moment=BY_RULE)[0].answers == Answers(loosened=("old-tool",))


def test_an_addition_that_cannot_be_had_within_its_old_bounds_is_taken_without_them(free):
    answers = Answers(additions=("six", "Old.Tool<2.0"))
    error = failure(f"{UNSOLVABLE}  Because only old-tool>=3 is available and you require old-tool<2.0\n")
    error.run = Run(("uv", "pip", "install", "six", "Old.Tool<2.0"), "install six, Old.Tool<2.0 in addition")
    found = next(remedies.after_failure(error, free(), answers))
    assert found.answers.additions == ("six", "old.tool")
    assert (found.found, found.done) == ("Old.Tool<2.0 cannot be had", "take any version of that")
    error.run = error.run._replace(purpose="install the project")
    assert all(one.answers.additions == answers.additions for one in remedies.after_failure(error, free(), answers))


# ---- what a build imports and does not say ------------------------------------------------------------------------

IMPORTING = "error: The build backend returned an error\n  ModuleNotFoundError: No module named 'dateutil'\n"


def test_what_the_setup_script_of_the_project_imports_is_installed_before_it_once(after):
    found = after(IMPORTING)[0]
    assert found.answers == Answers(build_needs=("python-dateutil",), unisolated=("*",))
    assert found.found == "the build of the project needs dateutil, and does not declare it"
    assert all(one.answers.build_needs == found.answers.build_needs for one in after(IMPORTING, found.answers))


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("You can get it e.g. with python3 -m pip install cython.", ("cython",)),
        ("Please run: `pip3 install -U numpy`", ("numpy",)),
        ("Try pip install --upgrade pip, or else pip install cython", ("cython",)),
        ("Your pip is too old: run pip install -U pip", ()),
        ("hint: try `uv pip install cython`", ()),
        ("pip install --no-binary :all: .", ()),
        ("pip install a-name-that-nobody-knows", ()),
    ],
)
def test_what_a_setup_script_tells_to_install_before_it_gives_up_is_installed(after, words, needs):
    found = after(f"error: The build backend returned an error\n  {words}\n")
    assert [one.answers.build_needs for one in found if one.answers.build_needs] == ([needs] if needs else [])


@pytest.mark.parametrize(("module", "needs"), [("pip", "pip<20"), ("pip.req", "pip<10")])
def test_a_setup_script_that_has_pip_read_its_requirements_gets_the_pip_of_then(after, module, needs):
    found = after(f"error: The build backend returned an error\n  ModuleNotFoundError: No module named '{module}'\n")
    assert found[0].answers == Answers(build_needs=(needs,), unisolated=("*",))


def test_what_a_package_of_the_index_imports_is_for_that_one_alone(after):
    found = after("error: Failed to build `old==1.0`\n  ModuleNotFoundError: No module named 'numpy'\n")[0]
    assert (found.answers.build_needs, found.answers.unisolated) == (("numpy",), ("old",))


@pytest.mark.parametrize("module", ["imp", "pkg_resources", "distutils.msvccompiler", "a_module_that_nobody_knows"])
def test_what_a_build_misses_and_nobody_can_install_is_not_installed(after, module):
    found = after(f"error: Failed to build `old==1.0`\n  ModuleNotFoundError: No module named '{module}'\n")
    assert all(not one.answers.build_needs for one in found)


def test_a_module_that_is_missed_elsewhere_than_in_a_build_is_none_of_its_needs(after):
    assert after("ModuleNotFoundError: No module named 'numpy'\n") == []


# ---- pins that the pip of then took ---------------------------------------------------------------------------------

CONTRADICTING = (
    "error: No solution found when resolving dependencies\n  cause: Because shelf==5.5 depends on lib>=1.21,<1.23 and "
    "you require shelf==5.5, we can conclude that you require lib>=1.21,<1.23. And because you require lib==1.23, we "
    "can conclude that your requirements are unsatisfiable.\n"
)


def test_a_pin_of_long_ago_goes_before_what_another_package_needs_of_it(after):
    found = after(CONTRADICTING, committed=LONG_AGO)[0]
    assert found.answers == Answers(loosened=("lib==1.23",))
    assert found.found == "lib==1.23 is required, and shelf==5.5 needs lib>=1.21,<1.23"
    assert found.done == "install what is pinned, as pip did at that time"
    again = after(CONTRADICTING, found.answers, committed=LONG_AGO)
    assert all(one.answers.loosened == found.answers.loosened for one in again)


@pytest.mark.parametrize("committed", [None, datetime(2022, 1, 1, tzinfo=UTC)])
def test_pins_that_no_pip_took_are_a_mistake_for_a_person(after, committed):
    assert not any(one.answers.loosened for one in after(CONTRADICTING, committed=committed))


TWICE = (
    "error: No solution found when resolving dependencies\n  cause: Because you require lib==1.3 and lib==1.2, we can "
    "conclude that your requirements are unsatisfiable.\n"
)


@pytest.fixture
def twice(free, write):
    """Make facts of a repository with two files that were compiled each for itself."""

    def make(second="lib==1.2\nmore==2\nonly-here==7 ; python_version < '3'\n", **changes):
        found = free(**{"moment": BY_RULE, **changes})
        first = "lib==1.3  # via shop\nmore[x]==3 \\\n    --hash=sha256:00\nsame==5\nonly-here==8\n"
        write({"requirements.txt": first, "dev/all.txt": "-r ../dev.txt\n", "dev.txt": second}, found.repository.root)
        words = Run((*INSTALL, "--requirements", "requirements.txt"), "install")
        below = Run((*INSTALL, "--requirements", "all.txt"), "install", "dev")
        return replace(found, dependencies=replace(found.dependencies, installs=(words, below)))

    return make


def test_of_two_files_that_pin_different_versions_the_first_goes_before_the_other(twice):
    found = next(remedies.after_failure(failure(TWICE), twice(), NONE))
    assert found.answers == Answers(loosened=("lib==1.3", "more==3"))
    assert found.found == "requirements files pin different versions (lib==1.3 and lib==1.2, more==3 and more==2)"
    assert found.done == "install those of the first file"
    again = remedies.after_failure(failure(TWICE), twice(), found.answers)
    assert all(one.answers.loosened == found.answers.loosened for one in again)


def test_files_that_contradict_each_other_today_or_do_not_are_left_as_they_are(twice):
    for found in (twice(moment=None), twice("lib==1.3\n")):
        assert not any(one.answers.loosened for one in remedies.after_failure(failure(TWICE), found, NONE))
    other = failure(TWICE.replace("lib", "elsewhere"))
    assert not any(one.answers.loosened for one in remedies.after_failure(other, twice(), NONE))


def test_a_bound_that_is_no_pin_gives_way_to_nothing(after):
    said = CONTRADICTING.replace("lib==1.23", "lib>=1.23")
    assert not any(one.answers.loosened for one in after(said, committed=LONG_AGO))


# ---- the lock that its own tool refuses ----------------------------------------------------------------------------

READ = Run(("uv", "tool", "run", "poetry", "export"), "read poetry.lock by Poetry")


def test_a_lock_that_its_tool_refuses_is_read_without_that_once(free, facts):
    dependencies = replace(
        facts().dependencies,
        manager="poetry",
        title="poetry.lock with group dev",
        installs=(READ,),
        followed=(("lock.txt", "a==1\n"),),
        is_locked=True,
    )
    error = failure("pyproject.toml changed significantly since poetry.lock was last generated\n")
    error.run = READ
    (found,) = remedies.after_failure(error, free(dependencies=dependencies), NONE)
    assert found.answers == Answers(is_followed=True)
    assert found.found == "Poetry of today does not take poetry.lock"
    assert list(remedies.after_failure(error, free(dependencies=dependencies), found.answers)) == []
    error.run = ITSELF
    assert list(remedies.after_failure(error, free(dependencies=dependencies), NONE)) == []


def test_a_lock_of_a_part_that_its_tool_refuses_is_read_without_that(free, facts):
    locked = replace(
        facts().dependencies,
        manager="poetry",
        title="poetry.lock",
        installs=(READ,),
        followed=(("lock.txt", "a==1\n"),),
        is_locked=True,
    )
    error = failure("the exporter dependency walker previously elected `urllib3 (2.3.0)` which is not compatible\n")
    error.run = READ._replace(cwd="libs/aws")
    part = Part("libs/aws", free(dependencies=locked))
    (found,) = remedies.after_failure(error, free(dependencies=None, parts=(part,)), NONE)
    assert found.answers == Answers(is_followed=True)


# ---- the project itself, and what vanished --------------------------------------------------------------------------

EDITABLE = "error: Failed to build `shop @ {uri}`\nAttributeError: module 'old' has no attribute 'build_editable'\n"
INSTALL = ("uv", "pip", "install", "--python", "{target}")
ITSELF = Run((*INSTALL, "--no-deps", "--editable", "."), "install")


def test_a_project_that_cannot_be_editable_is_copied_and_linked_once(after):
    found = after(EDITABLE)
    assert found[0].answers == Answers(is_linked=True)
    assert all(one.answers.is_linked for one in after(EDITABLE, found[0].answers))
    assert "install a copy, and link it to its sources" not in done(after(EDITABLE, found[0].answers))


def test_a_plugin_whose_editable_installation_pytest_warns_of_is_copied_and_linked_once(proving):
    said = "pytest.PytestAssertRewriteWarning: Module already imported so cannot be rewritten: __editable___shop_finder"
    found = proving(said)
    assert found[0].answers == Answers(is_linked=True)
    assert found[0].found == "pytest does not take the module by which the project was installed editable"
    assert not proving(said, answers=found[0].answers)
    assert not any(one.answers.is_linked for one in proving(said.replace("__editable__", "shop")))


def test_a_project_whose_build_fails_only_for_an_editable_one_is_copied_before_another_time_is_tried(after):
    said = "error: Failed to build `x`\nBuildFailure\nerror: Support for editable installs via PEP 660 was recently\n"
    first, second, *_ = after(said, committed=LONG_AGO)
    assert first.answers == Answers(is_linked=True)
    assert first.found == "the project itself cannot be built to be installed editable"
    assert second.answers == Answers(as_of="2020-01-31")
    assert all(one.answers.is_linked for one in after(said, first.answers, committed=LONG_AGO))


@pytest.mark.parametrize(
    ("said", "python", "wanted"),
    [
        ("distutils Version classes are deprecated. Use", "3.8.18", ("setuptools<60",)),
        ("pkg_resources is deprecated as an API. See", "3.11.7", ("setuptools<60",)),
        ("pkg_resources is deprecated as an API. See", "3.12.1", ("setuptools<67.5",)),
        ("distutils Version classes are deprecated. Use", "3.12.1", ()),
    ],
)
def test_a_setuptools_that_warns_gives_way_once_to_one_that_does_not(proving, said, python, wanted):
    reason, choice = f"DeprecationWarning: {said}", Choice(python, "")
    found = [one for one in proving(reason, choice=choice) if one.answers.additions]
    assert [one.answers.additions for one in found] == ([wanted] if wanted else [])
    for one in found:
        assert one.found == "the setuptools that was installed warns, and warnings are errors here"
        again = proving(reason, answers=one.answers, choice=choice)
        assert all(other.answers.additions == wanted for other in again)


def test_a_project_that_cannot_be_built_is_left_out_once_where_that_leaves_the_rest(after, facts):
    said = f"error: Failed to build `shop @ {facts().repository.root.as_uri()}`\n"
    dependencies = replace(facts().dependencies, installs=(ITSELF,))
    found = after(said, dependencies=dependencies)
    assert found[0].answers == Answers(is_bare=True)
    assert all(one.answers.is_bare for one in after(said, found[0].answers, dependencies=dependencies))
    assert all(not one.answers.is_bare for one in after(said))
    escaped = said.replace("/project`", "/%70roject`")
    assert after(escaped, dependencies=dependencies)[0].answers.is_bare
    elsewhere = after("error: Failed to build `shop @ file:///elsewhere`\n", dependencies=dependencies)
    assert all(not one.answers.is_bare for one in elsewhere)


def test_a_project_in_src_is_left_out_only_where_a_setting_lets_it_be_imported_from_there(after, facts, write):
    found = facts()
    said = f"error: Failed to build `shop @ {found.repository.root.as_uri()}`\n"
    write({"src/shop/__init__.py": ""}, found.repository.root)
    dependencies = replace(found.dependencies, installs=(ITSELF,))
    assert all(not one.answers.is_bare for one in after(said, dependencies=dependencies))
    write({"pytest.ini": "[pytest]\npythonpath = src\n"}, found.repository.root)
    assert after(said, dependencies=dependencies)[0].answers.is_bare


@pytest.mark.parametrize(
    "words",
    [
        "error: Multiple top-level packages discovered in a flat-layout: ['app', 'web'].",
        "ValueError: Unable to determine which files to ship inside the wheel using the following heuristics",
        "Error: Expected a Python module at: `src/shop/__init__.py`",
    ],
)
def test_an_application_that_is_no_package_is_left_out_where_its_requirements_are_known(after, facts, write, words):
    found = facts()
    said = f"error: Failed to build `shop @ {found.repository.root.as_uri()}`\n{words}\n"
    with_it = Run(("uv", "pip", "install", "--python", "{target}", "--editable", "."), "install the project")
    dependencies = replace(found.dependencies, installs=(with_it,))
    assert all(not one.answers.is_bare for one in after(said, dependencies=dependencies))
    write({"pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['six']\n"}, found.repository.root)
    first = after(said, dependencies=dependencies)[0]
    assert first.answers == Answers(is_bare=True)
    assert first.found == "the project itself is no package that could be built"
    other = after(said.replace(words, "SyntaxError: invalid"), dependencies=dependencies)
    assert all(not one.answers.is_bare for one in other)


VANISHED = f"{UNSOLVABLE}  cause: Because there is no version of old-tool==1.0 and you require old-tool==1.0\n"


def test_a_line_of_what_a_tool_writes_is_left_out_by_reading_the_lock_without_it(after, facts):
    exported = replace(facts().dependencies, is_locked=True, files=(), followed=(("lock.txt", ""),), title="x.lock")
    assert after(VANISHED, committed=LONG_AGO, dependencies=exported)[0].answers == Answers(
        without=("old-tool",), is_followed=True
    )


UNFETCHED = (
    "error: Failed to download and build `theme @ git+https://example.com/theme.git@abc`\n"
    "  cause: Git operation failed\n"
    "  fatal: Could not resolve host: example.com\n"
)


@pytest.mark.parametrize(
    ("pyproject", "is_left"),
    [
        ({}, True),
        ({"project": {"dependencies": ["theme @ git+https://example.com/theme.git"]}}, False),
        ({"tool": {"poetry": {"dependencies": {"Theme": {"git": "https://example.com/theme.git"}}}}}, False),
    ],
)
def test_what_git_cannot_fetch_is_left_out_of_a_lock_where_the_project_does_not_need_it(
    after, facts, pyproject, is_left
):
    locked = replace(facts().dependencies, is_locked=True, files=(("lock.txt", ""),), title="x.lock")
    found = after(UNFETCHED, committed=LONG_AGO, dependencies=locked, repository={"pyproject": pyproject})
    assert [one.answers for one in found] == ([Answers(without=("theme",))] if is_left else [])


def test_a_condition_on_what_a_lock_names_is_no_matter(after, facts):
    locked = replace(facts().dependencies, is_locked=True, files=(("lock.txt", ""),), title="x.lock")
    said = VANISHED.replace("old-tool==1.0", "old-tool{python_full_version < '4'}==1.0")
    assert after(said, committed=LONG_AGO, dependencies=locked)[0].answers.without == ("old-tool",)


def test_what_a_lock_names_and_the_index_no_longer_has_is_left_out_once(after, facts):
    locked = replace(facts().dependencies, is_locked=True, files=(("lock.txt", "old-tool==1.0\n"),), title="x.lock")
    found = after(VANISHED, committed=LONG_AGO, dependencies=locked)
    assert found[0].answers == Answers(without=("old-tool",))
    assert found[0].found == "old-tool 1.0, which x.lock names, is not on the index"
    assert all(
        one.answers.without == ("old-tool",)
        for one in after(VANISHED, found[0].answers, committed=LONG_AGO, dependencies=locked)
    )
    assert "leave it out" not in done(after(VANISHED))


@pytest.mark.parametrize("committed", [None, datetime.now(UTC) - timedelta(days=179)])
def test_a_lock_of_today_that_names_what_cannot_be_had_is_for_a_person_to_mend(after, facts, committed):
    locked = replace(facts().dependencies, is_locked=True, files=(("lock.txt", "old-tool==1.0\n"),), title="x.lock")
    assert not any(one.answers.without for one in after(VANISHED, committed=committed, dependencies=locked))


def test_what_cannot_be_had_of_a_time_may_be_newer_once(after):
    said = f"{UNSOLVABLE}hint: `old-tool` was filtered by `exclude-newer` to only include packages\n"
    found = after(said, committed=LONG_AGO, moment=BY_RULE)
    first = next(one for one in found if one.answers.exempt)
    assert first.answers.exempt == ("old-tool",)
    assert first.found == "old-tool cannot be had as of 2020-01-30"
    again = after(said, first.answers, committed=LONG_AGO, moment=BY_RULE)
    assert all(one.answers.exempt == ("old-tool",) for one in again)
    assert all(not one.answers.exempt for one in after(said, committed=LONG_AGO))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Because there are no versions of Old_Tool and you require it", "old-tool"),
        ("Because there is no version of old-tool, we can conclude", "old-tool"),
        ("Because old-tool==1.0 has a non-PEP 625-compliant filename", "old-tool"),
        ("Because all versions of old-tool have a non-PEP 625-compliant filename and", "old-tool"),
        ("Because all versions of old-tool were yanked (reason: insecure) and you require it", "old-tool"),
        ("Because old-tool<=1.2 was yanked (reason: insecure) and you require it", "old-tool"),
        ("Failed to build `old-tool==1.0`", "old-tool"),
    ],
)
def test_what_uv_says_of_it_is_known(after, said, name):
    found = after(f"{UNSOLVABLE}{said}\n", committed=LONG_AGO, moment=BY_RULE)
    assert (name,) in [one.answers.exempt for one in found]


def test_a_requirements_file_that_uv_cannot_read_is_done_without_where_there_are_others(after, facts):
    said = "error: Couldn't parse requirement in `dev.txt` at position 3\n"
    both = Run((*INSTALL, "--requirements", "main.txt", "--requirements", "dev.txt"), "install", "requirements")
    dependencies = replace(facts().dependencies, installs=(both,))
    (found,) = after(said, dependencies=dependencies)
    assert found.answers.without == ("requirements/dev.txt",)
    assert found.done == "install requirements/main.txt without it"
    assert after(said, found.answers, dependencies=dependencies) == []
    alone = replace(dependencies, installs=(Run((*INSTALL, "--requirements", "dev.txt"), "install"),))
    assert after(said, dependencies=alone) == []


# ---- parts ----------------------------------------------------------------------------------------------------------


def test_parts_that_do_not_go_together_get_an_environment_each_first(free):
    whole = free()
    shared = replace(whole, parts=(Part("a", whole, is_shared=True), Part("b", whole, is_shared=True)))
    found = list(remedies.after_failure(failure(UNSOLVABLE), shared, Answers()))
    assert found[0].answers == Answers(is_apart=True)
    assert found[0].done == "make an environment for each"


def test_parts_that_are_apart_already_stay_so(free):
    whole = free()
    apart = replace(whole, dependencies=None, parts=(Part("a", whole),))
    found = list(remedies.after_failure(failure(UNSOLVABLE), apart, Answers(is_apart=True)))
    assert done(found) == ["use 3.11"]
    assert all(one.answers.is_apart for one in found)


def test_parts_are_not_taken_apart_for_what_has_another_cause(free):
    whole = free()
    shared = replace(whole, parts=(Part("a", whole, is_shared=True),))
    found = list(remedies.after_failure(failure("error: Failed to build x\n"), shared, Answers()))
    assert all(one.answers.is_apart is None for one in found)


# ---- documentation and linters --------------------------------------------------------------------------------------


@pytest.fixture
def documented(facts):
    """Return what changes facts into those of a project whose documentation needs sphinx, and whose code needs six."""
    groups = {"docs": ["sphinx<2"], "lint": ["ruff"], "dev": ["pytest"]}
    wanted = facts().dependencies
    return {
        "repository": {"pyproject": {"project": {"dependencies": ["six"]}, "dependency-groups": groups}},
        "dependencies": replace(wanted, is_locked=False, lean=replace(wanted, title="pyproject.toml with group dev")),
    }


@pytest.mark.parametrize(
    ("said", "is_first"),
    [
        (UNSOLVABLE + "Because sphinx<2 needs jinja2<3 and you require jinja2>=3\n", True),
        ("  Failed to build `sphinx==1.8`\n", True),
        ("  Failed to build `other==1.8`\n", False),
        (UNSOLVABLE + "Because six>1 and you require six<1\n", False),
    ],
)
def test_what_is_for_documentation_is_left_out_first_where_it_is_to_blame_and_else_last(
    after, documented, said, is_first
):
    found = after(said, **documented)
    assert found[0 if is_first else -1].answers == Answers(is_lean=True)
    assert found[0 if is_first else -1].done == "leave docs, lint out"
    assert not any(one.answers == Answers(is_lean=True) for one in found[1 if is_first else 0 : -1])
    assert not any("leave" in one.done for one in after(said, Answers(is_lean=True), **documented))


def test_a_python_that_is_not_installable_is_taken_where_the_machine_has_it_as_far_as_anybody_knows(free):
    found = free(
        choice=Choice("3.8", "", must_install=True),
        interpreters=(),
        proof=Proof("pytest", broken=1, reasons=("ImportError: cannot import name 'Mapping' from 'collections'",)),
    )
    old = Interpreter(Path("/opt/python3.7"), "3.7.1", "cpython", "x86_64", "path", Path("/opt"))
    probe = Probe(Tools("/uv", {}, None, {}), lambda: (old,))
    case = Case(found, NONE, Reader(found.repository.root), "", pythons=probe.interpreters)
    assert [one.answers.python for one in older_python(case, None, "it does not fit")] == ["3.7"]
    assert list(older_python(case._replace(pythons=tuple), None, "it does not fit")) == []


def test_an_interpreter_that_crashed_is_no_matter_of_another_time(proving):
    crashed = "the interpreter crashed (SIGSEGV) in fast/core.py:3"
    assert proving(crashed, committed=LONG_AGO) == []
