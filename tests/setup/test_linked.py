"""A copy of a project in an environment becomes links to its sources, and nothing else is lost."""

import json
import subprocess
import sys

import pytest

from bootstrap.setup import linked


@pytest.fixture
def installed(write, tmp_path):
    """Install a project by hand: `{path in site-packages: path in the project, or None}`; returns the three folders."""

    def install(files, origin=None):
        project = tmp_path / "c++ project"
        as_uv_writes_it = project.as_uri().replace("%2B", "+")
        project.mkdir(exist_ok=True)
        environment = tmp_path / "env"
        library = environment / "lib" / "python3.12" / "site-packages"
        write(dict.fromkeys(files, "VALUE = 'copy'\n"), library)
        write({source: "VALUE = 'source'\n" for source in files.values() if source}, project)
        listed = [*files, "shop-1.0.dist-info/METADATA", "../../../bin/shop", "shop-1.0.dist-info/RECORD"]
        write(
            {
                "shop-1.0.dist-info/METADATA": "Name: shop\n",
                "shop-1.0.dist-info/direct_url.json": json.dumps({"url": origin or as_uv_writes_it, "dir_info": {}}),
                "shop-1.0.dist-info/RECORD": "".join(f"{name},sha256=x,1\n" for name in listed),
                "other.py": "",
            },
            library,
        )
        return environment, library, project

    return install


PACKAGE = {"shop/__init__.py": "shop/__init__.py", "shop/deep/part.py": "shop/deep/part.py"}


@pytest.mark.parametrize("below", ["", "src/", "lib/"])
def test_the_modules_go_and_their_folder_is_named(installed, below):
    environment, library, project = installed({name: below + source for name, source in PACKAGE.items()})
    assert linked.link(environment, project) == ""
    assert not (library / "shop").exists()
    assert (library / "other.py").is_file()
    assert (library / "devstrap-linked-shop.pth").read_text().strip() == str(project / below).rstrip("/")
    record = (library / "shop-1.0.dist-info" / "RECORD").read_text()
    assert record.splitlines() == [
        "shop-1.0.dist-info/METADATA,sha256=x,1",
        "../../../bin/shop,sha256=x,1",
        "shop-1.0.dist-info/RECORD,sha256=x,1",
        "devstrap-linked-shop.pth,,",
    ]


def test_a_single_module_is_linked_too_and_compiled_leftovers_go(installed, write):
    environment, library, project = installed({"shop.py": "shop.py", **PACKAGE})
    write({"shop/__pycache__/__init__.cpython-312.pyc": ""}, library)
    assert linked.link(environment, project) == ""
    assert not (library / "shop").exists()
    assert not (library / "shop.py").exists()


def test_what_is_not_of_the_project_stays_in_its_folder(installed, write):
    environment, library, project = installed(PACKAGE)
    write({"shop/theirs.py": "x"}, library)
    assert linked.link(environment, project) == ""
    assert [path.name for path in (library / "shop").iterdir()] == ["theirs.py"]


def test_what_another_distribution_brought_as_well_stays(installed, write):
    environment, library, project = installed({**PACKAGE, "tests/__init__.py": "tests/__init__.py"})
    write({"theirs-1.0.dist-info/RECORD": "tests/__init__.py,,\n", "broken-1.0.dist-info/RECORD": b"\xff"}, library)
    assert linked.link(environment, project) == ""
    assert (library / "tests" / "__init__.py").is_file()
    assert not (library / "shop").exists()


@pytest.mark.parametrize(
    ("files", "origin", "reason"),
    [
        ({**PACKAGE, "shop/fast.so": "shop/fast.c"}, None, "compiled modules"),
        ({"shop/__init__.py": None}, None, "not where they are imported from"),
        ({}, None, "not where they are imported from"),
        (PACKAGE, "file:///elsewhere", "no copy"),
    ],
)
def test_what_cannot_be_linked_stays_a_copy_with_the_reason(installed, files, origin, reason):
    environment, library, project = installed(files, origin)
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    assert reason in linked.link(environment, project)
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before


def test_without_an_environment_there_is_no_copy(tmp_path):
    assert "no copy" in linked.link(tmp_path / "nowhere", tmp_path)


def test_a_note_of_an_origin_that_cannot_be_read_is_none(installed):
    environment, library, project = installed(PACKAGE)
    (library / "shop-1.0.dist-info" / "direct_url.json").write_text("[")
    assert "no copy" in linked.link(environment, project)


def test_all_that_was_copied_from_folders_is_linked_once_and_nothing_else_is_touched(installed, write):
    environment, library, project = installed(PACKAGE)
    write({"second/tool.py": ""}, project.parent)
    notes = {
        "tool": {"url": (project.parent / "second").as_uri(), "dir_info": {}},
        "theirs": {"url": "https://example.invalid/theirs", "vcs_info": {"vcs": "git"}},
        "own": {"url": project.as_uri(), "dir_info": {"editable": True}},
    }
    for name, note in notes.items():
        files = {"direct_url.json": json.dumps(note), "RECORD": f"{name}.py,,\n"}
        write({f"{name}.py": "", **{f"{name}-1.0.dist-info/{path}": text for path, text in files.items()}}, library)
    assert linked.link_all(environment) == []
    folders = {path.name: path.read_text().strip() for path in library.glob("*.pth")}
    assert folders == {
        "devstrap-linked-shop.pth": str(project),
        "devstrap-linked-tool.pth": str(project.parent / "second"),
    }
    assert sorted(path.name for path in library.glob("*.py")) == ["other.py", "own.py", "theirs.py"]
    assert linked.link_all(environment) == []


def test_as_a_script_it_says_why_not_and_goes_on(installed):
    environment, _, project = installed(PACKAGE)
    words = [sys.executable, "-I", linked.__file__, str(environment), str(project)]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stderr == ""
    again = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "the project stays as a copy, since" in again.stderr
