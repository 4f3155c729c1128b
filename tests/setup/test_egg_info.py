"""What setuptools leaves in the source tree, told from what was there before."""

import os

import pytest

from bootstrap.setup.dependencies.egg_info import Watch, found, remove


@pytest.fixture
def root(write):
    return write({"old.egg-info/PKG-INFO": "", "src/pkg/__init__.py": "", "file.egg-info": ""})


def build(write):
    write({"src/pkg.egg-info/PKG-INFO": "", "top.egg-info/PKG-INFO": ""})


def test_what_appears_while_the_block_runs_goes_again_and_nothing_else(root, write):
    with Watch(root):
        build(write)
    assert found(root) == {"old.egg-info"}
    assert (root / "file.egg-info").is_file()


def test_what_a_failed_run_brought_goes_too(root, write):
    def interrupted():
        with Watch(root):
            build(write)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert found(root) == {"old.egg-info"}


def test_what_setuptools_did_not_make_is_never_removed(root, write):
    with Watch(root):
        write({"mine.egg-info/notes.txt": ""})
    assert (root / "mine.egg-info/notes.txt").is_file()


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_is_not_followed(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "PKG-INFO").touch()
    (root / "linked.egg-info").symlink_to(elsewhere)
    remove(root, ("linked.egg-info",))
    assert (elsewhere / "PKG-INFO").exists()


def test_what_will_not_go_stays(root, monkeypatch):
    def refuse(_):
        raise OSError

    monkeypatch.setattr("bootstrap.transaction.disk.remove_tree", refuse)
    remove(root, ("old.egg-info",))
    assert found(root) == {"old.egg-info"}


# ---- where a wheel was put together ---------------------------------------------------------------------------------

LEFT = {"build": "build/lib/shop.py", ".pdm-build": ".pdm-build/_editable_impl_shop.pth"}


@pytest.mark.parametrize("name", LEFT)
def test_the_folder_of_a_build_goes_where_it_was_not_there_before(tmp_path, write, name):
    with Watch(tmp_path):
        write({LEFT[name]: ""})
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", LEFT)
def test_one_that_was_there_or_that_has_something_else_in_it_stays(tmp_path, write, name):
    (tmp_path / name).mkdir()
    with Watch(tmp_path):
        write({LEFT[name]: ""})
    assert (tmp_path / LEFT[name]).is_file()
    with Watch(tmp_path / "other"):
        write({f"other/{LEFT[name]}": "", f"other/{name}/notes.txt": "mine"})
    assert (tmp_path / "other" / LEFT[name]).is_file()


def test_a_build_that_left_nothing_is_no_matter(tmp_path):
    with Watch(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_folders_in_which_a_part_was_put_together_go_as_those_of_the_root_do(root, write):
    write({"web/build/lib/old.py": "", "api/pyproject.toml": ""})
    with Watch(root, ("api", "web")):
        write(
            {
                "build/lib/x.py": "",
                "api/build/bdist.linux/x.py": "",
                "api/.pdm-build/.gitignore": "",
                "api/pkg.egg-info/PKG-INFO": "",
                "web/build/lib/new.py": "",
            }
        )
    assert not any((root / name).exists() for name in ("build", "api/build", "api/.pdm-build", "api/pkg.egg-info"))
    assert (root / "web/build/lib/new.py").is_file()  # the folder was there before
    with Watch(root, ("api",)):
        write({"api/build/notes.txt": "somebody's"})
    assert (root / "api/build/notes.txt").is_file()
