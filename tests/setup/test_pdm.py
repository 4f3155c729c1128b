"""What is installed of a pdm.lock."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies import locked, pdm

PROJECT = '[project]\nname = "shop"\n[build-system]\nrequires = []\n'


@pytest.fixture
def recognised(write):
    def recognise(lock, pyproject=PROJECT):
        root = write({"pdm.lock": lock, "pyproject.toml": pyproject})
        return pdm.recognise(detect_repository(root), Reader(root))

    return recognise


HEAD = '[metadata]\ngroups = ["default", "dev", "fast", ":all"]\nstrategy = ["inherit_metadata"]\n'


def package(name, *more, groups='["default"]'):
    return "\n".join((f'[[package]]\nname = "{name}"\nversion = "1.0"\ngroups = {groups}', *more, ""))


def lines(found):
    ((name, text),) = found.files
    assert name == locked.FILE
    return text.splitlines()


def test_what_is_locked_is_installed_exactly_and_the_project_upon_it(recognised):
    files = 'files = [{ file = "a.whl", hash = "sha256:a" }]\nmarker = "os_name == \'posix\'"'
    found = recognised(HEAD + package("a", files))
    assert lines(found) == ["a==1.0 ; os_name == 'posix' --hash=sha256:a"]
    assert [run.argv[-1] for run in found.installs] == ["{target}/devstrap-lock.txt", "."]
    assert (found.is_locked, found.installs_project, found.title) == (True, True, "pdm.lock with dev, fast")


@pytest.mark.parametrize("more", ["[tool.pdm]\ndistribution = false\n", None])
def test_what_is_no_distribution_is_not_installed_itself(recognised, more):
    found = recognised(HEAD, PROJECT + more if more else '[project]\nname = "shop"\n')
    assert len(found.installs) == 1
    assert not found.installs_project


LOCK = HEAD + package("a") + package("b", groups='["dev", "fast"]') + package("c", groups='["other"]')
LOCK += '[[package]]\nname = "d"\nversion = "2"\n'


def test_all_locked_groups_are_installed(recognised):
    assert lines(recognised(LOCK)) == ["a==1.0", "b==1.0", "d==2"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [("groups = []", ["a", "d"]), ("groups = ['dev']", ["a", "b", "d"]), ("extras = ['fast']", ["a", "b", "d"])],
)
def test_the_settings_name_other_groups(recognised, settings, found):
    project = f"{PROJECT}[tool.devstrap]\n{settings}\n[tool.pdm.dev-dependencies]\ndev = []\n"
    project += "[project.optional-dependencies]\nfast = []\n"
    assert [line.partition("=")[0] for line in lines(recognised(LOCK, project))] == found


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ('git = "https://example.com/a.git"\nref = "main"\nrevision = "abc"', "a @ git+https://example.com/a.git@abc"),
        ('git = "git+https://example.com/a.git"\nref = "v1"', "a @ git+https://example.com/a.git@v1"),
        ('url = "https://example.com/a.zip"', "a @ https://example.com/a.zip"),
        ('path = "./a"', "{root}/./a"),
        ('path = "./a"\neditable = true', "-e {root}/./a"),
    ],
)
def test_a_package_of_another_source_comes_from_there(recognised, tmp_path, more, line):
    assert lines(recognised(HEAD + package("a", more))) == [line.format(root=tmp_path)]


def test_a_package_that_is_locked_again_for_its_extras_is_one_line(recognised):
    lock = HEAD + package("a", 'files = [{ hash = "sha256:a" }]') + package("a", 'extras = ["x"]')
    assert lines(recognised(lock)) == ["a==1.0 --hash=sha256:a"]


def test_other_indexes_are_looked_at_too_unless_they_need_a_password(recognised):
    sources = "".join(
        f'[[tool.pdm.source]]\nname = "x"\nurl = "{url}"\n'
        for url in (
            "https://example.com/simple",
            "https://pypi.org/simple",
            "https://${USER}:${TOKEN}@example.com/simple",
        )
    )
    assert lines(recognised(HEAD, PROJECT + sources)) == ["--extra-index-url https://example.com/simple"]


@pytest.mark.parametrize("strategy", ["strategy = []\n", ""])
def test_a_lock_that_does_not_tell_groups_is_followed_from_what_the_project_requires(recognised, strategy):
    lock = f'[metadata]\ngroups = ["default", "dev", "fast"]\n{strategy}{UNTOLD}'
    assert lines(recognised(lock, REQUIRING)) == [
        "a==1.0 --hash=sha256:a",
        "deep-a==1.0 ; os_name == 'nt'",
        "b==1.0",
        "c==1.0",
        "d==1.0",
    ]


UNTOLD = "".join(
    f'[[package]]\nname = "{name}"\nversion = "1.0"\n{more}\n'
    for name, more in {
        "a": "dependencies = [\"Deep.A>=1; os_name == 'nt'\"]\nfiles = [{ hash = 'sha256:a' }]",
        "deep-a": "",
        "b": "",
        "c": "",
        "d": "",
        "left-out": "",
    }.items()
)
REQUIRING = (
    '[project]\nname = "shop"\ndependencies = ["a[x]>=1"]\n[project.optional-dependencies]\nfast = ["c"]\n'
    '[dependency-groups]\ndev = ["b>=1"]\n[tool.pdm.dev-dependencies]\ndev = ["d", "-e file:///sub"]\n'
    'no = ["left-out"]\n'
)


@pytest.mark.parametrize(
    ("settings", "names"), [("groups = ['dev']", ["a", "deep-a", "b", "d"]), ("groups = []", ["a", "deep-a"])]
)
def test_of_what_is_followed_the_settings_name_the_groups_too(recognised, settings, names):
    lock = f'[metadata]\ngroups = ["default", "dev", "fast"]\n{UNTOLD}'
    found = lines(recognised(lock, f"{REQUIRING}[tool.devstrap]\n{settings}\n"))
    assert [line.partition("=")[0] for line in found] == names


def test_a_lock_of_old_has_all_groups_and_its_hashes_in_one_table(recognised):
    lock = '[[package]]\nname = "a"\nversion = "1.0"\n[[package]]\nname = "c"\nversion = "1.0"\n[metadata]\n'
    lock += 'lock_version = "4.1"\n[metadata.files]\n"a 1.0" = [{ url = "https://x", hash = "sha256:a" }]\n'
    assert lines(recognised(lock, REQUIRING)) == ["a==1.0 --hash=sha256:a", "c==1.0"]


def test_a_folder_in_a_lock_that_does_not_tell_groups_is_installed(recognised, tmp_path):
    lock = (
        '[metadata]\ngroups = ["default"]\n[[package]]\nname = "sub"\nversion = "1"\npath = "./sub"\neditable = true\n'
    )
    assert lines(recognised(lock)) == [f"-e {tmp_path}/./sub"]


def test_a_broken_lock_is_an_error_that_names_it(recognised):
    with pytest.raises(MalformedFileError) as caught:
        recognised("[metadata\n")
    assert caught.value.path == "pdm.lock"
    assert caught.value.remedy == "bring it back as it was committed, or delete it and make it anew with pdm lock"


@pytest.mark.parametrize(
    ("lock", "told"),
    [("", "pdm.lock is empty"), ("package = 3\n", "list of tables"), ("package = {}\n" + HEAD, "list of tables")],
)
def test_a_lock_that_was_emptied_or_is_of_another_shape_is_told(recognised, lock, told):
    with pytest.raises(MalformedFileError, match=told):
        recognised(lock)


@pytest.mark.parametrize("lock", ["# none", "package = [3]\n"])
def test_a_lock_without_packages_installs_none(recognised, lock):
    assert lines(recognised(lock)) == []


def test_what_decides_changes_the_fingerprint_and_nothing_else_does(recognised):
    first = recognised(LOCK).fingerprint
    assert recognised(LOCK, PROJECT + "[tool.ruff]\n").fingerprint == first
    assert recognised(LOCK + package("e")).fingerprint != first
    assert recognised(LOCK, PROJECT + "[tool.devstrap]\ngroups = []\n").fingerprint != first


def test_a_lock_beside_named_files_is_passed_over(recognised):
    assert recognised(LOCK, "[tool.devstrap]\nrequirements = []\n") is None
