"""What goes for an installation beyond what is declared."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.detect.repository import Reader
from bootstrap.model import Answers, Dependencies, Run
from bootstrap.setup.moment import Moment
from bootstrap.setup.terms import ALWAYS, may_be_bare, may_be_unpackaged, on_terms

PLAIN = Run(("uv", "pip", "install", "--python", "{target}", "six"), "install")
EXACT = Run(("uv", "pip", "install", "--no-deps", "x"), "install")
TOOL = Run(("uv", "tool", "run", "x"), "read")
MOMENT = Moment(datetime(2024, 1, 1, tzinfo=UTC), "")
BOUND = ("--exclude-newer", "2024-01-01T00:00:00+00:00")


def terms_of(needs, moment, answers, committed=None, root="/r"):
    return on_terms(needs, moment, committed, answers, Reader(Path(root)))


@pytest.fixture
def needs():
    return Dependencies("requirements", "", (PLAIN, EXACT, TOOL), "f1", files=(("a.txt", "a"),))


def test_without_terms_nothing_changes(needs):
    assert terms_of(needs, None, Answers()) is needs
    assert terms_of(None, MOMENT, Answers(additions=("six",))) is None


def test_a_bound_in_time_goes_to_what_is_resolved_and_to_nothing_else(needs):
    found = terms_of(needs, MOMENT, Answers())
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *BOUND), EXACT.argv, TOOL.argv]
    assert (found.fingerprint, found.files) == ("f1", needs.files)


def test_bounds_of_build_tools_are_a_file_that_every_installation_reads(needs):
    found = terms_of(needs, None, Answers(build_constraints=("setuptools<58", "cython<3")))
    limits = ("--build-constraints", "{target}/devstrap-build.txt")
    assert [run.argv for run in found.installs] == [(*PLAIN.argv, *limits), (*EXACT.argv, *limits), TOOL.argv]
    assert found.files == (*needs.files, ("devstrap-build.txt", "setuptools<58\ncython<3\n"))


def test_additions_are_installed_last_on_the_same_terms_and_anew(needs):
    found = terms_of(needs, MOMENT, Answers(additions=("six>=1", "toml")))
    assert found.installs[-1].argv == (*PLAIN.argv[:5], "six>=1", "toml", *BOUND)
    assert found.installs[-1].purpose == "install six>=1, toml in addition"
    other = terms_of(needs, MOMENT, Answers(additions=("six>=1",)))
    assert len({found.fingerprint, other.fingerprint, needs.fingerprint}) == 3
    assert found.declared == other.declared == needs.fingerprint


ITSELF = Run(("uv", "pip", "install", "--python", "{target}", "--no-deps", "--editable", "."), "install itself")
LINKED = ("{devstrap}", "-I", "-B", "{target}", "/r")


EARLY = Moment(datetime(2020, 6, 1, tzinfo=UTC), "")


def editable_of(needs):
    editable = PLAIN._replace(argv=(*PLAIN.argv[:-1], "--editable", ".[dev]"))
    return replace(needs, installs=(editable,))


def test_a_time_before_editable_installations_gets_build_tools_that_can(needs):
    found = terms_of(editable_of(needs), EARLY, Answers())
    (run,) = found.installs
    assert "--editable" in run.argv
    assert f"setuptools={ALWAYS}" in run.argv  # uv itself asks for a newer one than there was
    assert dict(found.files)["devstrap-build.txt"] == "setuptools<67\n"


def test_what_imports_setuptools_itself_gets_one_of_about_its_time(needs):
    found = terms_of(needs, EARLY, Answers(build_constraints=("setuptools<58",)))
    at = found.installs[0].argv.index("--constraints")
    assert found.installs[0].argv[at + 1] == "{target}/devstrap-constraints.txt"
    assert dict(found.files)["devstrap-constraints.txt"] == "setuptools<67\n"
    assert "--constraints" not in terms_of(needs, MOMENT, Answers()).installs[0].argv


@pytest.mark.parametrize("answers", [Answers(build_constraints=("setuptools<58",)), Answers(is_linked=True)])
def test_build_tools_that_cannot_get_a_copy_that_is_linked(needs, answers):
    copied, link = terms_of(editable_of(needs), None, answers).installs
    assert "--editable" not in copied.argv
    assert ".[dev]" in copied.argv
    assert (link.argv[:3], link.argv[4:]) == (LINKED[:3], LINKED[3:])


def test_what_cannot_be_had_of_a_time_may_be_newer(needs):
    found = terms_of(needs, MOMENT, Answers(exempt=("atomicwrites",)))
    assert found.installs[0].argv == (*PLAIN.argv, *BOUND, "--exclude-newer-package", f"atomicwrites={ALWAYS}")


def test_a_file_that_uv_cannot_read_is_left_out(needs):
    run = Run((*PLAIN.argv[:-1], "--requirements", "dev.txt", "--requirements", "test.txt"), "", "requirements")
    found = terms_of(replace(needs, installs=(run,)), None, Answers(without=("requirements/dev.txt",)))
    assert found.installs[0].argv == (*PLAIN.argv[:-1], "--requirements", "test.txt")


def test_what_is_added_to_an_old_lock_is_of_its_time_and_the_lock_itself_needs_no_bound(needs):
    committed = datetime(2023, 1, 1, tzinfo=UTC)
    found = terms_of(replace(needs, installs=(EXACT,), is_locked=True), None, Answers(additions=("six",)), committed)
    assert found.installs[0] == EXACT
    assert found.installs[1].argv[-2:] == ("--exclude-newer", "2023-01-01T00:00:00+00:00")


def test_what_is_added_to_a_lock_of_uv_s_leaves_alone_what_that_says(needs, write):
    lock = (
        "[[package]]\nname = 'yarl'\nversion = '1.24'\nsource = { registry = 'x' }\n"
        "[[package]]\nname = 'two'\nversion = '1'\nsource = { registry = 'x' }\n"
        "[[package]]\nname = 'two'\nversion = '2'\nsource = { registry = 'x' }\n"
        "[[package]]\nname = 'shop'\nversion = '0'\nsource = { editable = '.' }\n"
    )
    synced = replace(needs, manager="uv", title="uv.lock --group dev", installs=(TOOL,), is_locked=True)
    found = terms_of(synced, None, Answers(additions=("aiohttp",)), root=write({"uv.lock": lock}))
    assert found.installs[-1].argv[-3:] == ("aiohttp", "--constraints", "{target}/devstrap-locked.txt")
    assert dict(found.files)["devstrap-locked.txt"] == "yarl==1.24\n"
    for text in ("no TOML", "package = 3\n"):
        other = terms_of(synced, None, Answers(additions=("aiohttp",)), root=write({"uv.lock": text}))
        assert other.installs[-1].argv[-1] == "aiohttp"


def test_what_the_index_no_longer_has_is_taken_out_of_the_lock(needs):
    lock = ("devstrap-lock.txt", "six==1.17.0 --hash=sha256:00\nsixpack==1\nSix==2\n")
    found = terms_of(replace(needs, files=(lock,)), None, Answers(without=("six",)))
    assert dict(found.files)["devstrap-lock.txt"] == "sixpack==1\n"
    assert found.fingerprint != needs.fingerprint


def test_the_project_itself_may_be_left_out_where_it_is_installed_alone(needs):
    both = replace(needs, installs=(PLAIN, ITSELF), installs_project=True)
    assert may_be_bare(both)
    assert not may_be_bare(needs)
    assert may_be_bare(terms_of(both, None, Answers(is_linked=True)))  # as a copy it is still the project alone
    found = terms_of(both, None, Answers(is_bare=True))
    assert (found.installs, found.installs_project) == ((PLAIN,), False)


@pytest.mark.parametrize(
    ("pyproject", "is_possible"),
    [
        ("[project]\nname = 'x'\ndependencies = ['six']\n", True),
        ("[project]\nname = 'x'\ndynamic = ['version']\n", True),
        ("[project]\nname = 'x'\ndynamic = ['dependencies']\n", False),
        ("[tool.black]\n", False),
        ("no TOML", False),
    ],
)
def test_what_an_application_requires_is_installed_without_it_where_it_is_written_out(
    needs, write, pyproject, is_possible
):
    run = Run((*PLAIN.argv[:5], "--editable", ".[dev,web]", "--group", "test"), "install")
    both = replace(needs, installs=(run,), installs_project=True)
    root = write({"pyproject.toml": pyproject})
    assert may_be_unpackaged(both, Reader(root)) == is_possible
    found = terms_of(both, None, Answers(is_bare=True), root=root)
    words = ("--requirements", "pyproject.toml", "--extra", "dev", "--extra", "web", "--group", "test")
    assert (found.installs[0].argv == (*PLAIN.argv[:5], *words)) == is_possible


def test_an_application_with_a_lock_of_uv_s_is_left_out_by_uv_s_own_option(needs, write):
    sync = Run(("uv", "sync", "--frozen"), "install")
    check = sync._replace(argv=(*sync.argv, "--check"))
    both = replace(needs, installs=(sync,), checks=(check,), installs_project=True)
    assert may_be_unpackaged(both, Reader(write({})))
    found = terms_of(both, None, Answers(is_bare=True))
    assert found.installs[0].argv == (*sync.argv, "--no-install-project")
    assert found.checks[0].argv == (*check.argv, "--no-install-project")  # else it would be outdated for ever


def test_what_somebody_bounds_goes_before_the_tools_of_then(needs):
    long_ago = Moment(datetime(2019, 1, 1, tzinfo=UTC), "")
    found = terms_of(needs, long_ago, Answers(build_constraints=("setuptools<40",)))
    assert dict(found.files)["devstrap-build.txt"] == "setuptools<40\n"
    other = terms_of(needs, long_ago, Answers(build_constraints=("wheel<0.40",)))
    assert dict(other.files)["devstrap-build.txt"] == "wheel<0.40\nsetuptools<67\n"


def test_a_copy_is_linked_to_the_folder_that_it_was_installed_from_and_others_are_left_to_themselves(needs):
    elsewhere = Run((*PLAIN.argv[:5], "--editable", "/x"), "install")
    both = replace(needs, installs=(ITSELF._replace(cwd="sub"), elsewhere))
    copied, link, left = terms_of(both, None, Answers(is_linked=True)).installs
    assert copied.argv[5:] == ("--no-deps", ".")
    assert link.argv[-2:] == ("{target}", "/r/sub")
    assert left == elsewhere


def test_a_project_that_is_linked_may_still_be_left_out(needs):
    linked = terms_of(replace(needs, installs=(PLAIN, ITSELF)), None, Answers(is_linked=True))
    assert may_be_bare(linked)


def test_a_requirements_file_may_be_left_out_and_a_command_that_has_nothing_left(needs):
    main = Run((*PLAIN.argv[:5], "--requirements", "requirements.txt", "--requirements", "more.txt"), "install")
    below = Run((*PLAIN.argv[:5], "--requirements", "dev.txt"), "install", "requirements")
    both = replace(needs, installs=(main, below))
    (left,) = terms_of(both, None, Answers(without=("requirements/dev.txt", "more.txt"))).installs
    assert left.argv[5:] == ("--requirements", "requirements.txt")


def test_every_project_of_one_command_is_linked_to_its_own_folder(needs):
    both = Run(
        (*PLAIN.argv[:5], "--editable", "./a[test]", "--editable", "./services/b", "--group", "a:dev"), "install"
    )
    copied, *links = terms_of(replace(needs, installs=(both,)), None, Answers(is_linked=True)).installs
    assert copied.argv[5:] == ("./a[test]", "./services/b", "--group", "a:dev")
    assert [link.argv[-1] for link in links] == ["/r/a", "/r/services/b"]


def test_what_requirements_files_name_as_editable_is_copied_and_linked_as_well(needs, write, tmp_path):
    write(
        {
            "requirements/dev.txt": "-r base.txt\n-c bounds.txt\n--editable=../lib[x]  # own\npytest\n",
            "requirements/base.txt": "-e .\n-r dev.txt\n-e git+https://example.invalid/x#egg=x\n",
            "requirements/bounds.txt": "pytest<9\n",
        }
    )
    both = Run(
        (*PLAIN.argv[:5], "--editable", ".[dev]", "--requirements", "dev.txt", "--no-cache"), "install", "requirements"
    )
    found = terms_of(replace(needs, installs=(both, PLAIN)), None, Answers(is_linked=True), root=tmp_path)
    copied, link, left = found.installs
    requirements = ("--requirements", "{target}/devstrap-requirements-1.txt", "--constraints", "bounds.txt")
    assert copied.argv[5:] == (".[dev]", "--no-cache", *requirements)
    text = ".\nx @ git+https://example.invalid/x\n../lib[x]  # own\npytest\n"
    assert dict(found.files)["devstrap-requirements-1.txt"] == text
    assert [place for place, _ in found.remarks] == ["-e of requirements/base.txt:3"]  # uv takes no such line
    assert link.argv[-1] == "{target}"  # whatever was copied from a folder
    assert found.fingerprint != needs.fingerprint  # what was installed editable is installed anew
    assert left == PLAIN


def test_requirements_files_that_name_nothing_editable_are_read_as_they_are(needs, write, tmp_path):
    write({"dev.txt": "pytest\n-e git+https://example.invalid/x#egg=x\n"})
    run = Run((*PLAIN.argv[:5], "--requirements", "dev.txt"), "install")
    found = terms_of(replace(needs, installs=(run,)), None, Answers(is_linked=True), root=tmp_path)
    assert found.installs == (run,)


def test_a_lock_that_its_tool_refuses_is_installed_as_it_is_read_here(needs):
    read = Run(("uv", "tool", "run", "poetry"), "read")
    locked = replace(needs, installs=(read, PLAIN), is_locked=True, followed=(("lock.txt", "a==1\n"),))
    found = terms_of(locked, None, Answers(is_followed=True))
    assert (found.installs, found.files) == ((PLAIN,), (("lock.txt", "a==1\n"),))
    assert terms_of(locked, None, Answers()) == locked
    assert terms_of(needs, None, Answers(is_followed=True)) == needs


def test_what_a_build_imports_is_installed_before_it_and_the_project_built_with_that(needs):
    both = replace(needs, installs=(PLAIN, ITSELF))
    found = terms_of(both, None, Answers(build_needs=("python-dateutil",), unisolated=("*", "old")))
    before, plain, itself = (run.argv for run in found.installs)
    assert before[-3:] == ("setuptools", "wheel", "python-dateutil")
    assert plain[-2:] == ("--no-build-isolation-package", "old")
    assert "--no-build-isolation" in itself
    assert "--no-build-isolation" not in plain
    assert found.fingerprint != both.fingerprint


def test_the_tools_of_an_unisolated_build_are_bounded_as_those_of_others(needs):
    answers = Answers(build_needs=("six",), unisolated=("old",), build_constraints=("setuptools<58",))
    before, *_ = terms_of(needs, None, answers).installs
    at = before.argv.index("--constraints")
    assert before.argv[at - 3 : at + 2] == (
        "setuptools",
        "wheel",
        "six",
        "--constraints",
        "{target}/devstrap-build.txt",
    )


def test_what_may_be_of_another_version_overrides_what_requires_it(needs):
    found = terms_of(needs, None, Answers(loosened=("old-tool",)))
    assert found.files == (*needs.files, ("devstrap-overrides.txt", "old-tool\n"))
    assert found.installs[0].argv == (*PLAIN.argv, "--overrides", "{target}/devstrap-overrides.txt")
    assert found.installs[2] == TOOL
    assert found.fingerprint != needs.fingerprint


def test_what_is_for_documentation_and_linters_may_be_left_out(needs):
    whole = replace(needs, lean=replace(needs, installs=(EXACT,), fingerprint="f2"))
    assert terms_of(whole, None, Answers(is_lean=True)) is whole.lean
    assert terms_of(needs, None, Answers(is_lean=True)) is needs
    found = terms_of(whole, MOMENT, Answers(is_lean=True, additions=("six",)))
    assert found.declared == "f2"
    assert "six" in found.installs[-1].argv


def test_what_cannot_be_had_is_left_out_of_what_uv_syncs_and_of_what_it_compares(needs):
    sync = Run(("uv", "sync", "--frozen"), "sync")
    check = Run((*sync.argv, "--check"), "compare")
    found = terms_of(replace(needs, installs=(sync,), checks=(check,)), None, Answers(without=("theme",)))
    assert [run.argv for run in (*found.installs, *found.checks)] == [
        (*sync.argv, "--no-install-package", "theme"),
        (*check.argv, "--no-install-package", "theme"),
    ]
