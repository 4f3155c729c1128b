"""What was installed, written down: where, how, and what is never overwritten."""

import sys
from pathlib import Path

import pytest

from bootstrap.commands import Tools
from bootstrap.console import Console
from bootstrap.errors import StepError, UnsafePathError, UsageError
from bootstrap.flow import locking
from bootstrap.model import Part, Plan, Run
from bootstrap.options import Options
from bootstrap.process import Completed


@pytest.fixture
def locked(facts, monkeypatch, capsys):
    """Lock an environment in which uv lists this; returns the steps and the text of the file."""

    def run(listed, name="locked.txt", *, code=0):
        found = facts()
        monkeypatch.setattr(locking.process, "run", lambda argv, **_: Completed(argv, code, listed, "it is gone"))
        options = Options("setup", found.repository.root, lock=Path(name))
        locking.refuse(options)
        steps = locking.lock(found, options, Tools("/uv", {}, None, {}), Console(sys.stderr))
        return steps, (found.repository.root / name).read_text()

    return run


LISTED = "six==1.17.0\nshop @ file:///home/ada/shop\nattrs==25.1.0\n"


def test_what_is_installed_is_written_with_its_python_and_nothing_of_this_machine(locked):
    steps, text = locked(LISTED)
    assert text == "# Locked by devstrap for Python 3.12.1.\nsix==1.17.0\nattrs==25.1.0\n"
    assert [step.path for step in steps] == ["locked.txt"]


def test_a_lock_that_says_it_already_is_not_touched_and_one_of_before_is_renewed(locked):
    locked(LISTED)
    assert locked(LISTED)[0] == ()
    steps, text = locked("six==1.18.0\n")
    assert (len(steps), text.count("six==1.18.0")) == (1, 1)


def test_somebody_else_s_file_is_never_overwritten(locked, facts, write):
    root = write({"mine.txt": "six\n"}, facts().repository.root)
    with pytest.raises(UsageError, match="is no lock of devstrap's"):
        locked(LISTED, "mine.txt")
    assert (root / "mine.txt").read_text() == "six\n"


def test_a_folder_is_no_place_for_a_lock(locked, facts, write):
    write({"locks/a.txt": ""}, facts().repository.root)
    with pytest.raises(UsageError, match="locks is a folder"):
        locked(LISTED, "locks")


def test_a_place_outside_of_the_repository_is_refused(locked):
    with pytest.raises(UnsafePathError):
        locked(LISTED, "../locked.txt")


def test_where_nobody_can_list_what_is_there_it_is_said(locked):
    with pytest.raises(StepError, match="it is gone"):
        locked("", code=2)


def test_environments_of_parts_are_locked_one_by_one(facts):
    apart = facts(dependencies=None, parts=(Part("backend", facts()),))
    options = Options("setup", apart.repository.root, lock=Path("a.txt"))
    with pytest.raises(UsageError) as caught:
        locking.lock(apart, options, None, None)
    assert "--root backend" in caught.value.remedy
    with pytest.raises(UsageError, match="of its own") as caught:
        locking.refuse_parts(facts(dependencies=None, parts=(Part("back end", facts()),)), options)
    assert "--root 'back end'" in caught.value.remedy
    with pytest.raises(UsageError):
        locking.refuse_parts(apart, options)  # before anything is begun
    locking.refuse_parts(facts(), options)
    locking.refuse_parts(apart, options._replace(lock=None))


def test_without_the_option_nothing_is_written(facts):
    assert locking.lock(facts(), Options("setup", facts().repository.root), None, None) == ()


@pytest.fixture
def promised(facts, monkeypatch):
    """Return what a dry run says of the lock, where uv lists this."""

    def run(plan, listed=LISTED, name="locked.txt"):
        monkeypatch.setattr(locking.process, "run", lambda argv, **_: Completed(argv, 0, listed, ""))
        found = facts()
        options = Options("setup", found.repository.root, lock=Path(name) if name else None)
        return locking.planned(found, plan, options, Tools("/uv", {}, None, {}))

    return run


def test_a_dry_run_names_the_lock_and_shows_it_where_all_is_installed_already(promised, locked):
    assert promised(Plan(), name=None) == ()
    (step,) = promised(Plan((Run(("uv",), "install it"),)))
    assert step.purpose == "write locked.txt, with what was installed and proved"
    (change,) = promised(Plan())
    assert (change.path, change.before, b"six==1.17.0" in change.after) == ("locked.txt", None, True)
    locked(LISTED)
    assert promised(Plan()) == ()
