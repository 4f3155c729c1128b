"""What is installed of a poetry.lock."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.errors import MalformedFileError
from bootstrap.setup.dependencies import locked, poetry


@pytest.fixture
def recognised(write):
    def recognise(lock, pyproject='[tool.poetry]\nname = "shop"\n'):
        root = write({"poetry.lock": lock, "pyproject.toml": pyproject})
        return poetry.recognise(detect_repository(root), Reader(root))

    return recognise


def package(name, *more, groups='["main"]'):
    return "\n".join((f'[[package]]\nname = "{name}"\nversion = "1.0"\ngroups = {groups}', *more, ""))


def lines(found):
    ((name, text),) = found.files
    assert name == locked.FILE
    return text.splitlines()


FILES = 'files = [{ file = "a.whl", hash = "sha256:a" }, { file = "a.tar.gz", hash = "sha256:b" }]'


def test_what_is_locked_is_installed_exactly_and_the_project_upon_it(recognised):
    found = recognised(package("a", FILES))
    assert lines(found) == ["a==1.0 --hash=sha256:a --hash=sha256:b"]
    assert [run.argv[-1] for run in found.installs] == ["{target}/devstrap-lock.txt", "."]
    assert all("--no-deps" in run.argv for run in found.installs)
    assert (found.is_locked, found.installs_project, found.title) == (True, True, "poetry.lock")


def test_what_is_no_package_is_not_installed_itself(recognised):
    found = recognised(package("a"), "[tool.poetry]\npackage-mode = false\n")
    assert len(found.installs) == 1
    assert not found.installs_project


GROUPS = (
    "[tool.poetry.group.lint.dependencies]\n[tool.poetry.group.docs]\noptional = true\n"
    "[tool.poetry.group.release]\noptional = true\n[dependency-groups]\ntest = []\n"
)


def test_all_groups_are_installed_but_optional_ones_of_no_use_to_contributors(recognised):
    names = ("main", "lint", "docs", "release", "test", "unknown")
    lock = "".join(package(name, groups=f'["{name}"]') for name in names)
    found = recognised(lock, GROUPS)
    assert lines(found) == ["main==1.0", "lint==1.0", "docs==1.0", "test==1.0"]
    assert found.title == "poetry.lock with group lint, group docs, group test"


def test_the_settings_name_other_groups(recognised):
    lock = package("a") + package("b", groups='["release"]') + package("c", groups='["lint", "main"]')
    found = recognised(lock, GROUPS + "[tool.devstrap]\ngroups = ['release']\n")
    assert lines(found) == ["a==1.0", "b==1.0", "c==1.0"]


def test_a_group_that_the_settings_name_and_nobody_has_is_an_error(recognised):
    with pytest.raises(MalformedFileError, match="no such dependency group"):
        recognised(package("a"), GROUPS + "[tool.devstrap]\ngroups = ['elsewhere']\n")


def test_the_development_dependencies_of_old_are_a_group(recognised):
    found = recognised(package("a", groups='["dev"]'), "[tool.poetry.dev-dependencies]\n")
    assert lines(found) == ["a==1.0"]


EXTRA = package("a", 'markers = "extra == \\"fast\\" and os_name == \\"posix\\""') + '[extras]\nfast = ["a"]\n'


def test_extras_that_are_locked_are_wanted_and_their_conditions_hold(recognised):
    found = recognised(EXTRA)
    assert lines(found) == ['a==1.0 ; python_version >= "3" and os_name == "posix"']
    assert found.title == "poetry.lock with extra fast"


def test_extras_that_the_settings_leave_out_do_not(recognised):
    found = recognised(EXTRA, "[tool.devstrap]\nextras = []\n")
    assert lines(found) == ['a==1.0 ; python_version < "3" and os_name == "posix"']


@pytest.mark.parametrize(
    ("markers", "condition"),
    [
        (
            "{ main = \"os_name == 'nt'\", dev = \"os_name == 'posix'\" }",
            " ; (os_name == 'nt') or (os_name == 'posix')",
        ),
        ("{ main = \"os_name == 'nt'\" }", ""),
        ('{ release = "os_name == \'nt\'", main = "a", dev = "a" }', " ; a"),
        ("\"os_name == 'nt'\"", " ; os_name == 'nt'"),
    ],
)
def test_a_package_of_several_groups_is_wanted_where_one_of_them_wants_it(recognised, markers, condition):
    found = recognised(
        package("a", f"markers = {markers}", groups='["main", "dev"]'), "[dependency-groups]\ndev = []\n"
    )
    assert lines(found) == [f"a==1.0{condition}"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('type = "git"\nurl = "https://example.com/a.git"\nreference = "main"\nresolved_reference = "abc"',
         "a @ git+https://example.com/a.git@abc"),
        ('type = "git"\nurl = "https://example.com/a.git"\nreference = "v1"\nsubdirectory = "sub"',
         "a @ git+https://example.com/a.git@v1#subdirectory=sub"),
        ('type = "url"\nurl = "https://example.com/a.zip"', "a @ https://example.com/a.zip"),
        ('type = "directory"\nurl = "../a"', "{root}/../a"),
        ('type = "file"\nurl = "wheels/a.whl"', "{root}/wheels/a.whl"),
    ],
)  # fmt: skip
def test_a_package_of_another_source_comes_from_there(recognised, tmp_path, source, line):
    assert lines(recognised(package("a", "[package.source]", source))) == [line.format(root=tmp_path)]


def test_a_folder_that_is_developed_is_editable(recognised, tmp_path):
    found = recognised(package("a", "develop = true", "[package.source]", 'type = "directory"\nurl = "a"'))
    assert lines(found) == [f"-e {tmp_path}/a"]


def test_an_index_of_its_own_is_looked_at_too_unless_it_is_the_public_one(recognised):
    source = '[package.source]\ntype = "legacy"\nurl = "{}"\nreference = "x"'
    lock = package("a", source.format("https://example.com/simple")) + package(
        "b", source.format("https://pypi.org/simple")
    )
    assert lines(recognised(lock)) == ["--extra-index-url https://example.com/simple", "a==1.0", "b==1.0"]


def test_a_lock_that_does_not_tell_groups_is_read_by_poetry(recognised):
    lock = '[[package]]\nname = "a"\nversion = "1"\n[extras]\nfast = ["a"]\n'
    found = recognised(lock, "[tool.poetry.group.dev.dependencies]\n")
    assert found.files == ()
    read, install, _ = found.installs
    assert read.argv[:3] == ("uv", "tool", "run")
    assert read.argv[-6:] == ("--output", "{target}/devstrap-lock.txt", "--with", "dev", "-E", "fast")
    assert install.argv[-2:] == ("--requirements", "{target}/devstrap-lock.txt")


def test_an_empty_lock_installs_nothing_but_the_project(recognised):
    assert recognised("package = []\n").files == ((locked.FILE, ""),)


@pytest.mark.parametrize("text", ["[[package]\n", "<<<<<<< HEAD\n", b"\xff\xfe\x00"])
def test_a_broken_lock_is_an_error_that_names_it(recognised, text):
    with pytest.raises(MalformedFileError) as caught:
        recognised(text)
    assert caught.value.path == "poetry.lock"
    assert caught.value.remedy


def test_what_decides_changes_the_fingerprint_and_nothing_else_does(recognised):
    first = recognised(package("a")).fingerprint
    assert recognised(package("a"), '[tool.poetry]\nname = "shop"\ndescription = "new"\n').fingerprint == first
    assert recognised(package("b")).fingerprint != first
    assert recognised(package("a"), '[tool.poetry]\nname = "other"\n').fingerprint != first


def test_a_lock_without_its_manifest_or_beside_named_files_is_passed_over(recognised, write):
    assert recognised(package("a"), "") is None
    assert recognised(package("a"), "[tool.devstrap]\nrequirements = []\n") is None
