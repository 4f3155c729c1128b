"""What one `undo` takes back: a whole set-up, however many attempts it took."""

import sys

import pytest

from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import UsageError
from bootstrap.flow.undo import undo
from bootstrap.model import Change
from bootstrap.options import Options
from bootstrap.state import state_directory
from bootstrap.transaction import Transaction

TOOLS = Tools("/uv", {}, None, {})


@pytest.fixture
def shop(tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    return root


def carry_out(root, *changes, continues=0, is_update=False):
    """Write these files, and make or update an environment; return the number of the run."""
    state_dir = state_directory(root)
    with Transaction(root, state_dir, "setup", continues) as transaction:
        transaction.write(*(Change(path, before, after) for path, before, after in changes))
        if is_update:
            transaction.snapshot(".venv")
        else:
            folder = transaction.staging(".venv")
            folder.mkdir()
            (folder / "pyvenv.cfg").write_text("version = 3.12\n")
            (folder / "devstrap.json").write_text("{}")
            transaction.swap(".venv", keep=False)
    return max(int(path.name) for path in (state_dir / "runs").iterdir())


def undone(root, **options):
    return undo(Options("undo", root, **options), TOOLS, Console(sys.stderr)).recovered


def names(root):
    return sorted(path.name for path in root.iterdir() if path.name != ".devstrap")


def test_all_attempts_of_a_set_up_are_undone_together(shop):
    first = carry_out(shop, ("a.txt", None, b"1\n"))
    carry_out(shop, ("a.txt", b"1\n", b"2\n"), ("b.txt", None, b"1\n"), continues=first, is_update=True)
    carry_out(shop, ("c.txt", None, b"1\n"), continues=first, is_update=True)
    promised = undone(shop, is_dry_run=True)
    assert names(shop) == [".venv", "a.txt", "b.txt", "c.txt"]
    said = undone(shop)
    assert names(shop) == []
    assert set(said[1:]) == {f"{name}: removed" for name in (".venv", "a.txt", "b.txt", "c.txt")}
    assert promised == said
    with pytest.raises(UsageError, match="nothing left to undo"):
        undone(shop)


def test_another_set_up_is_undone_for_itself(shop):
    carry_out(shop, ("a.txt", None, b"1\n"))
    carry_out(shop, ("b.txt", None, b"1\n"), is_update=True)
    undone(shop)
    assert names(shop) == [".venv", "a.txt"]
    undone(shop)
    assert names(shop) == []


def test_a_run_that_left_nothing_to_put_back_is_undone_once(shop):
    carry_out(shop, ("a.txt", None, b"1\n"))
    carry_out(shop, is_update=True)
    assert "its former state was not kept" in undone(shop)[1]
    undone(shop)
    assert names(shop) == []
