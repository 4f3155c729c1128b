"""The two tests that every table of the catalogue goes through: what is declared moves, and what is not meant stays."""

import pytest
from rewriting import check_rewrite, found


def moving(cases):
    """Return the test of a table from rows to (path, before, after): the row finds the version, and it moves."""

    @pytest.mark.parametrize("row", cases)
    def moves(row):
        path, before, after = cases[row]
        assert row in [kind for kind, _, _ in found(path, before)]
        check_rewrite(path, before, after)

    return moves


def staying(cases):
    """Return the test of a table from rows to (path, text): the text looks like what the row finds, and stays."""

    @pytest.mark.parametrize("row", cases)
    def stays(row):
        path, text = cases[row]
        check_rewrite(path, text, text)

    return stays
