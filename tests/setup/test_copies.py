"""Lines that pip takes and uv does not, and the copies of the files that have them."""

import pytest

from bootstrap.detect.repository import Reader
from bootstrap.failures.places import Places
from bootstrap.model import Dependencies, Run
from bootstrap.setup.dependencies import requirements
from bootstrap.setup.dependencies.copies import original, plain, readable

AT = "git+https://host/ada/shop.git"


@pytest.mark.parametrize(
    ("line", "same"),
    [
        (f"-e {AT}#egg=shop", f"shop @ {AT}"),
        (f"--editable={AT}@v1.2#egg=shop", f"shop @ {AT}@v1.2"),
        (f"--editable {AT}@v1#egg=shop[fast,ci]&subdirectory=lib/py", f"shop[fast,ci] @ {AT}@v1#subdirectory=lib/py"),
        (f"-e {AT}#subdirectory=lib&egg=shop", f"shop @ {AT}#subdirectory=lib"),
        (f"-e {AT}@feature/x#egg=shop%5Bci%5D", f"shop[ci] @ {AT}@feature/x"),
        (f"  -e  '{AT}#egg=shop'", f"shop @ {AT}"),
        (f"-e {AT}#egg=shop ; python_version < '3.9'  # why", f"shop @ {AT} ; python_version < '3.9'  # why"),
        (f"-e {AT}", AT),
        (f"-e {AT}@abc # pinned", f"{AT}@abc # pinned"),
        (f"-e shop[ci] @ {AT}", f"shop[ci] @ {AT}"),
        (f"-e {AT}#egg=shop==dev", f"shop @ {AT}"),
        (f"-e {AT}#egg=shop-dev", f"shop @ {AT}"),
        (f"-e {AT}#egg=django-shop-1.2", f"django-shop @ {AT}"),
        ("-e git+ssh://git@host/ada/shop.git#egg=shop", "shop @ git+ssh://git@host/ada/shop.git"),
        ("-e git+git@host.org:ada/shop.git@v1#egg=shop", "shop @ git+ssh://git@host.org/ada/shop.git@v1"),
        ("-e git+file:///srv/shop#egg=shop", "shop @ git+file:///srv/shop"),
    ],
)
def test_what_git_has_is_installed_and_not_edited(line, same):
    assert plain(line) == same


@pytest.mark.parametrize(
    "line",
    [
        *("", "six", "-e .", "-e ./lib[ci]", "-r other.txt", f"# -e {AT}#egg=shop", f"{AT}#egg=shop", f"shop @ {AT}"),
        *(
            "-e hg+https://host/shop#egg=shop",
            "-e svn+https://host/shop#egg=shop",
            "-e file:../shop",
            "--extra-index x",
        ),
    ],
)
def test_every_other_line_stays(line):
    assert plain(line) == line


@pytest.fixture
def installed(write):
    """Return how requirements files of a repository are installed, those in a folder from inside it."""

    def run(files, *names):
        root = write(files)
        wanted = Dependencies("requirements", "", requirements.commands(names, Reader(root)), "")
        return readable(wanted, Reader(root))

    return run


def test_only_what_uv_cannot_read_is_copied_with_all_that_belongs_to_it(installed):
    files = {
        "requirements.txt": "six\n-r lists/more.txt\n",
        "lists/more.txt": f"-c ../bounds.txt\n\n-e {AT}#egg=shop\nattrs\n",
        "bounds.txt": "six<2\n",
        "requirements-dev.txt": "pytest\n",
    }
    found = installed(files, "requirements.txt", "requirements-dev.txt")
    assert found.installs[0].argv[5:] == (
        *("--requirements", "{target}/devstrap-requirements/_/_/_/_/requirements.txt"),
        *("--requirements", "requirements-dev.txt"),
    )
    copies = {name.removeprefix("devstrap-requirements/_/_/_/_/"): text for name, text in found.files}
    assert copies["requirements.txt"] == files["requirements.txt"]
    assert copies["bounds.txt"] == files["bounds.txt"]
    lines = copies["lists/more.txt"].splitlines()
    assert [line.rstrip() for line in lines] == ["-c ../bounds.txt", "", f"shop @ {AT}", "attrs"]
    assert len(copies["lists/more.txt"]) == len(files["lists/more.txt"])  # uv counts to where something is wrong
    ((what, reason),) = found.remarks
    assert what == "-e of lists/more.txt:3"
    assert "shop is installed as it is; clone" in reason


def test_a_file_from_above_the_folder_lies_above_it_in_the_copies_too(installed):
    files = {"requirements/dev.txt": "-r ../base.txt\n", "base.txt": f"-e {AT}\n"}
    found = installed(files, "requirements/dev.txt")
    assert found.installs[0].cwd == "requirements"
    assert [name for name, _ in found.files] == [
        "devstrap-requirements/_/_/_/_/dev.txt",
        "devstrap-requirements/_/_/_/base.txt",
    ]
    assert "uv installs nothing from git to be edited: what is there is installed as it is" in found.remarks[0][1]


def test_what_uv_can_read_is_not_copied(installed):
    found = installed({"requirements.txt": f"shop @ {AT}\n-e .\n"}, "requirements.txt")
    assert (found.files, found.remarks) == ((), ())
    assert readable(None, lambda _: None) is None
    project = Dependencies(
        "pyproject", "", (Run(("uv", "pip", "install", "--requirements", "pyproject.toml"), ""),), ""
    )
    assert readable(project, lambda _: f"-e {AT}\n".encode()) == project


def test_what_uv_says_of_a_copy_is_said_of_the_file_of_the_person(write):
    root = write({"requirements/dev.txt": f"six\n-e {AT}#egg=shop\n"})
    word = "{target}/devstrap-requirements/_/_/_/_/dev.txt"
    places = Places(root, "requirements", ("uv", "--requirements", word))
    assert original(word) == "dev.txt"
    assert places.of_words("host/ada").where == "requirements/dev.txt:2"
    said = f"{root}/.venv/devstrap-requirements/_/_/_/_/dev.txt"
    assert places.at(said, 5).where == "requirements/dev.txt:2"
