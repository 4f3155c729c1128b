"""A receipt answers while nothing has changed, and for no change, however small, any longer."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import receipt
from bootstrap.receipt import SPLIT, Check, answer, circumstances, place, stamp, stamp_tree, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="receipts are for POSIX")
PACKAGE = Path(receipt.__file__).parents[1]
ENV = {"PATH": os.environ["PATH"]}
REPORT = f"header{SPLIT}\nbody\n\nlast"


@pytest.fixture
def tool(tmp_path):
    """Return a command that notes how it is called and returns what it is told: what uv is in earnest."""
    path = tmp_path / "tool"
    path.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        "print('never seen'); print('nor this', file=sys.stderr)\n"
        "open(os.environ['LOG'], 'a').write(repr((sys.argv[1:], os.environ.get('VIRTUAL_ENV'))) + '\\n')\n"
        "sys.exit(int(os.environ['CODE']))\n"
    )
    path.chmod(0o755)

    def check(*arguments, code=0, cwd=tmp_path):
        env = (("LOG", str(tmp_path / "log")), ("CODE", str(code)), ("PYTHONIOENCODING", ""))
        return Check((str(path), *arguments), str(cwd), env)

    return check


@pytest.fixture
def watched(tmp_path):
    """Make a file, a folder and a tree of Python files to watch."""
    (tmp_path / "src" / "package").mkdir(parents=True)
    (tmp_path / "src" / "package" / "__init__.py").write_text("a = 1\n")
    (tmp_path / "src" / "module.py").write_text("b = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "cache" / "receipts" / "one")


def leave(file, folder, checks=(), report=REPORT, paths=(), trees=()):
    everything = [str(folder / "pyproject.toml"), str(folder / ".python-version"), *paths]
    write(file, "circumstance", everything, [str(folder / "src"), *trees], checks, report)


def told(file, circumstance="circumstance", env=ENV):
    return answer(file, circumstance, env)


# ---- answering ------------------------------------------------------------------------------------------------------


def test_it_answers_with_the_report_while_nothing_has_changed(file, watched, tool):
    leave(file, watched, [tool("sync", "--check")])
    assert told(file) == REPORT
    assert told(file) == REPORT


def test_there_is_no_answer_without_a_receipt(file):
    assert told(file) is None


def _edit(folder):
    (folder / "pyproject.toml").write_text("[project]\nname = 'a'\n")


def _edit_to_the_same_size_and_time(folder):
    path = folder / "pyproject.toml"
    before = path.stat()
    other = folder / "other"
    other.write_text("[PROJECT]\n")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def _delete(folder):
    (folder / "pyproject.toml").unlink()


def _create(folder):
    (folder / ".python-version").write_text("3.12\n")


def _create_folder_instead(folder):
    (folder / ".python-version").mkdir()


def _edit_source(folder):
    path = folder / "src" / "module.py"
    path.write_text("b = 2\n")
    os.utime(path, ns=(0, 1))  # older than anything


def _add_source(folder):
    path = folder / "src" / "package" / "more.py"
    path.write_text("")
    os.utime(path, ns=(0, 1))


def _delete_source(folder):
    (folder / "src" / "module.py").unlink()


def _rename_source(folder):
    (folder / "src" / "module.py").rename(folder / "src" / "renamed.py")


def _move_package(folder):
    (folder / "src" / "package").rename(folder / "src" / "elsewhere")


def _delete_tree(folder):
    (folder / "src" / "module.py").unlink()
    (folder / "src" / "package" / "__init__.py").unlink()
    (folder / "src" / "package").rmdir()
    (folder / "src").rmdir()


@pytest.mark.parametrize(
    "change",
    [
        _edit,
        _edit_to_the_same_size_and_time,
        _delete,
        _create,
        _create_folder_instead,
        _edit_source,
        _add_source,
        _delete_source,
        _rename_source,
        _move_package,
        _delete_tree,
    ],
)
def test_a_change_silences_it(file, watched, change):
    leave(file, watched)
    assert told(file) == REPORT
    change(watched)
    assert told(file) is None


def test_what_python_caches_changes_nothing(file, watched):
    leave(file, watched)
    (watched / "src" / "__pycache__").mkdir()
    (watched / "src" / "__pycache__" / "module.py").write_text("")
    assert told(file) == REPORT


def test_a_link_is_followed(file, watched):
    (watched / "python").symlink_to(watched / "pyproject.toml")
    write(file, "circumstance", [str(watched / "python")], [], [], REPORT)
    _edit(watched)
    assert told(file) is None


def test_a_dangling_link_in_the_sources_is_watched_like_any_file(file, watched):
    (watched / "src" / ".#module.py").symlink_to("somebody@host.1234")  # as Emacs leaves while a file is edited
    leave(file, watched)
    assert told(file) == REPORT
    (watched / "src" / ".#module.py").unlink()
    assert told(file) is None


def test_a_tree_that_is_too_large_to_look_through_is_never_taken_for_unchanged(file, watched, monkeypatch):
    monkeypatch.setattr(receipt, "_MOST_FILES", 1)
    leave(file, watched)
    assert told(file) is None


def test_other_circumstances_get_no_answer(file, watched):
    leave(file, watched)
    assert told(file, "another") is None


# ---- circumstances --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["UV_INDEX", "PIP_INDEX_URL", "DEVSTRAP_SOURCE", "CI"])
def test_variables_that_could_matter_are_circumstances(name):
    assert circumstances([], {name: "1"}) != circumstances([], {name: "2"}) != circumstances([], {})


def test_other_variables_and_their_order_are_none():
    one, other = {"UV_A": "1", "UV_B": "2", "X": "1"}, {"UV_B": "2", "UV_A": "1"}
    assert circumstances(["-q"], one) == circumstances(["-q"], other)


def test_the_command_line_is_a_circumstance():
    assert circumstances(["--offline"], {}) != circumstances([], {})
    assert circumstances(["a", "b"], {}) != circumstances(["a b"], {})


def test_variables_that_are_no_text_are_taken():
    assert circumstances([], {"UV_INDEX": "\udcff"})


def test_every_root_has_its_own_place():
    roots = ["/a/b", "/a/c", "/b/a", "/a/b/", "/\udcff"]
    assert len({place("/cache", root) for root in roots}) == len(roots)
    assert place("/cache", "/a").startswith(os.path.join("/cache", "receipts", ""))


# ---- checks ---------------------------------------------------------------------------------------------------------


def test_checks_are_run_in_their_folder_with_a_clean_environment_and_without_a_word(file, watched, tool, capfd):
    leave(file, watched, [tool("sync", "--check"), tool("lock", "--check", cwd=watched / "src")])
    assert told(file, env={**ENV, "VIRTUAL_ENV": "/elsewhere"}) == REPORT
    lines = sorted((watched / "log").read_text().splitlines())
    assert lines == [
        repr((["--directory", str(watched), "sync", "--check"], None)),
        repr((["--directory", str(watched / "src"), "lock", "--check"], None)),
    ]
    assert capfd.readouterr() == ("", "")


def test_one_check_that_fails_silences_it(file, watched, tool):
    leave(file, watched, [tool("a"), tool("b", code=1), tool("c")])
    assert told(file) is None


def test_a_check_that_cannot_be_started_silences_it(file, watched):
    leave(file, watched, [Check((str(watched / "gone"),), str(watched), ())])
    assert told(file) is None


def test_no_check_is_left_running_or_unwaited_for(file, watched, tool):
    leave(file, watched, [tool("a"), tool("b", code=1)])
    told(file)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# ---- hostile paths, damaged receipts, unwritable caches --------------------------------------------------------------


@pytest.mark.parametrize("name", ["a b", " ", "ä", "\udcff", "P1 x", "'\"$(x)", "\x1b[2J", "\x1f", "\t", "a\rb"])
def test_strange_paths_are_watched_like_others(file, watched, name):
    path = watched / name
    path.write_text("1")
    leave(file, watched, paths=[str(path)], trees=[str(path)])
    assert told(file) == REPORT
    path.write_text("12")
    assert told(file) is None


def test_a_path_with_a_line_break_leaves_no_receipt(file, watched):
    leave(file, watched, paths=[str(watched / "a\nPx")])
    assert not os.path.exists(file)


@pytest.mark.parametrize("word", ["", "a\x1fb", "a\nb"])
def test_a_check_that_could_not_be_read_back_as_it_is_leaves_no_receipt(file, watched, tool, word):
    leave(file, watched, [tool("--group", word, "--check")])
    assert not os.path.exists(file)


def test_the_report_is_kept_in_what_a_terminal_can_take(file, watched):
    leave(file, watched, report=f"\x1b[2J\x9b\u202ea\udcff\ud800{SPLIT}\tä\n")
    assert told(file) == f"?[2J??a??{SPLIT}\tä\n"


def test_a_report_in_which_a_name_has_our_mark_is_not_kept(file, watched):
    leave(file, watched, report=f"a{SPLIT}b{SPLIT}c")
    assert told(file) is None


def test_every_half_of_a_receipt_is_no_receipt(file, watched, tool):
    leave(file, watched, [tool("a")])
    whole = Path(file).read_bytes()
    for length in range(whole.index(b"\n\n") + 1):
        Path(file).write_bytes(whole[:length])
        assert told(file) is None


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b"devstrap receipt 0\ncircumstance\n\nreport"])
def test_something_else_in_its_place_is_no_receipt(file, content):
    os.makedirs(os.path.dirname(file))
    Path(file).write_bytes(content)
    assert told(file) is None


def test_a_damaged_check_silences_it(file, watched, tool):
    leave(file, watched, [tool("a")])
    Path(file).write_text(Path(file).read_text().replace("\x1f", " "))
    assert told(file) is None


@pytest.mark.parametrize("obstacle", ["a file for a folder", "a folder for a file", "a surrogate"])
def test_a_cache_that_cannot_be_written_does_no_harm(file, watched, obstacle):
    report = REPORT
    if obstacle == "a file for a folder":
        (watched / "cache").write_text("")
    elif obstacle == "a folder for a file":
        os.makedirs(os.path.join(file, "in the way"))
    write(file, "\ud800" if obstacle == "a surrogate" else "c", [], [], [], report)
    assert told(file, "c") is None
    folder = watched / "cache" / "receipts"
    assert not folder.is_dir() or [name for name in os.listdir(folder) if name != "one"] == []


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_does_no_harm(file, watched):
    os.makedirs(os.path.dirname(file))
    os.chmod(os.path.dirname(file), stat.S_IRUSR | stat.S_IXUSR)
    leave(file, watched)
    assert told(file) is None


def test_runs_that_write_at_once_leave_a_whole_receipt(file, watched):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from bootstrap.receipt import write\n"
        "for n in range(200): write(sys.argv[2], 'circumstance', [], [], [], sys.argv[3] * 5000)"
    )
    writers = [
        subprocess.Popen([sys.executable, "-I", "-c", code, str(PACKAGE), file, letter]) for letter in ("a", "b")
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(told(file))
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen | {told(file)} <= {None, "a" * 5000, "b" * 5000}
    assert os.listdir(os.path.dirname(file)) == ["one"]


# ---- stamps ---------------------------------------------------------------------------------------------------------


def test_what_is_not_there_has_a_stamp_of_its_own(tmp_path):
    assert stamp(str(tmp_path / "gone")) == stamp("/dev/null/x") != stamp(str(tmp_path))


def test_an_empty_tree_and_a_missing_one_are_alike(tmp_path):
    assert stamp_tree(str(tmp_path)) == stamp_tree(str(tmp_path / "gone"))


def test_a_tree_does_not_follow_links_to_folders(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    assert stamp_tree(str(tmp_path)).startswith("0:")
