"""All writers upon one tree: every file once, in the phase that it belongs to."""

import pytest
from adopting import WISHES

from bootstrap.adopt.draft import MOVED, Adoption, Piece, draft, phase_of
from bootstrap.adopt.model import Phase, Tree
from bootstrap.adopt.summary import summary
from bootstrap.model import Change, Skip
from bootstrap.policy import Policy


@pytest.mark.parametrize(
    ("path", "phase"),
    [
        ("backend/Dockerfile", Phase.CONTAINERS),
        ("Dockerfile.dev", Phase.CONTAINERS),
        ("docker-compose.yml", Phase.CONTAINERS),
        (".dockerignore", Phase.CONTAINERS),
        ("pyproject.toml", Phase.FOUNDATION),
        ("shared/setup.cfg", Phase.FOUNDATION),
        (".python-version", Phase.FOUNDATION),
        ("bootstrap.py", Phase.FOUNDATION),
        (".github/workflows/ci.yml", Phase.ENVIRONMENT),
        ("Makefile", Phase.ENVIRONMENT),
        ("docs/docker.md", Phase.ENVIRONMENT),
    ],
)
def test_each_file_belongs_to_one_phase(path, phase):
    assert phase_of(path) is phase


def drafted(files, moved=None):
    data = {path: text.encode() for path, text in files.items()}
    return draft(
        Tree(tuple(sorted(data)), data.get), {path: text.encode() for path, text in (moved or {}).items()}, WISHES
    )


def test_a_file_that_several_had_a_hand_in_is_changed_once_for_all_their_reasons():
    before = '[project]\nname = "a"\nrequires-python = ">=3.8"\n'
    moved = before.replace("3.8", "3.11")
    found = drafted({"pyproject.toml": before}, {"pyproject.toml": moved})
    (change,) = [piece.change for piece in found.pieces if piece.change.path == "pyproject.toml"]
    assert change.before == before.encode()
    assert change.after.startswith(moved.encode())
    assert b"[tool.devstrap]" in change.after
    assert change.purpose.startswith(f"{MOVED}; ")


def test_phases_come_in_their_order_and_can_be_chosen():
    found = drafted(
        {"Dockerfile": "FROM python:3.11\n", "Makefile": "test:\n\tpytest\n"}, {"Dockerfile": "FROM python:3.12\n"}
    )
    phases = [piece.phase for piece in found.pieces]
    assert phases == sorted(phases, key=list(Phase).index)
    assert {piece.change.path for piece in found.within([Phase.CONTAINERS]).pieces} == {"Dockerfile"}


def test_the_summary_tells_what_and_why_and_the_way_back():
    found = drafted({"Dockerfile": "FROM python:3.11\n"}, {"Dockerfile": "FROM python:3.12\n"})
    old = Policy((3, 8), (3, 11), ((3, 8), (3, 11)))
    text = summary(found, old, WISHES.policy)
    assert "| minimum | 3.8 | 3.11 |" in text
    assert "- update `Dockerfile`: its Python versions" in text
    assert "- add `bootstrap.py`" in text
    assert "undo" in text
    assert "| default | the same | 3.12 |" in summary(found, None, WISHES.policy)


def test_what_is_left_is_told_of_the_chosen_files_and_their_phases_only():
    pieces = tuple(
        Piece(phase_of(path), Change(path, b"", b"x", "why"))
        for path in ("Dockerfile", "README.md", "tox.ini", "setup.py")
    )
    left = tuple(Skip(what, "why") for what in ("Dockerfile:3", "README.md", "tox.ini:12", "ci.yml", "pyproject.toml"))
    found = Adoption(pieces, left)
    told = [remark.what for remark in found.of({"README.md"}).remarks]
    assert told == ["README.md", "ci.yml"]
    assert found.of({"Dockerfile", "README.md", "tox.ini", "setup.py"}) == found
    assert found.of(()) == Adoption(())
    assert found.without({("ci.yml", "why"), ("README.md", "another")}).remarks == tuple(
        remark for remark in left if remark.what != "ci.yml"
    )
