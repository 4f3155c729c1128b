"""Chains of reasons as uv 0.13.9 words them for real packages and made ones, and what is left of them for a person."""

import pytest

from bootstrap.failures.chains import condensed, facts
from bootstrap.failures.places import Places

NEWEST = "Because only alpha<=1.5 is available and you require alpha>=3, we can conclude that your requirements are \
unsatisfiable."
CONFLICT = """\
Because all versions of gamma depend on alpha>=1.5 and all versions of beta depend on alpha<1.2, we can conclude that \
all versions of beta and all versions of gamma are incompatible.
And because you require beta and gamma, we can conclude that your requirements are unsatisfiable."""
DEEP = """\
Because gone was not found in the package registry and all versions of deep depend on gone>=1, we can conclude that \
all versions of deep cannot be used.
And because you require deep, we can conclude that your requirements are unsatisfiable."""
YANKED = """\
Because yanked==1.0 was yanked (reason: broken release) and only yanked<=1.0 is available, we can conclude that \
yanked>=1.0 cannot be used.
And because you require yanked>=1, we can conclude that your requirements are unsatisfiable."""
TOO_NEW = """\
Because the current Python version (3.12.1) does not satisfy Python>=3.14 and future==2.0 depends on Python>=3.14, we \
can conclude that future==2.0 cannot be used.
And because only future==2.0 is available and you require future, we can conclude that your requirements are \
unsatisfiable."""
WHEELS = "Because alpha==1.0 has no wheels with a matching Python ABI tag (e.g., `cp312`) and you require alpha==1.0, \
we can conclude that your requirements are unsatisfiable."
PROJECT = """\
Because all versions of beta depend on alpha<1.2 and shop depends on beta, we can conclude that shop depends on \
alpha<1.2.
And because shop depends on alpha>=1.5, we can conclude that your requirements are unsatisfiable."""
SEVERAL = """\
Because only the following versions of multi are available:
    multi==1.0
    multi==2.0
and you require multi>=1.5,<1.9, we can conclude that your requirements are unsatisfiable."""
STEPWISE = """\
Because theme>=2.1,<=2.2 depends on sphinx>=5,<8 and theme>=3.0,<=3.1 depends on sphinx>=6,<9, we can conclude that \
theme>=2.1,<=3.1 depends on sphinx>=5,<9.
And because we know from (1) that theme>=4 depends on sphinx>=5, we can conclude that theme>2 depends on sphinx>=5.
And because you require sphinx<3 and theme>2, we can conclude that your requirements are unsatisfiable."""
EXCEPT_ONE = """\
Because convert==7.2.0 has no usable wheels and all of:
    convert==7.1.0
    convert>=7.2.1
depend on jinja2>=3.0, we can conclude that convert>=7.1.0 depends on jinja2>=3.0.
And because you require convert>7 and jinja2<3, we can conclude that your requirements are unsatisfiable."""
CHAINED = """\
Because all versions of beta depend on alpha>=2 and only alpha<=1.5 is available, we can conclude that all versions of \
beta cannot be used.
And because top==3 depends on beta and you require top, we can conclude that your requirements are unsatisfiable."""
UNHEARD = "Because the moon is full and you require alpha, we can conclude that your requirements are unsatisfiable."


@pytest.mark.parametrize(
    ("chain", "cause", "remedy"),
    [
        (NEWEST, "alpha>=3 cannot be had: the newest alpha on the index is 1.5", "change alpha>=3 to what there is"),
        (
            CONFLICT,
            "the requirements cannot be met together: beta needs alpha<1.2; gamma needs alpha>=1.5",
            "loosen one of them: beta or gamma",
        ),
        (DEEP, "gone>=1 cannot be had: deep needs gone>=1; gone is not on the index", "check how gone is spelled"),
        (
            YANKED,
            "yanked>=1 cannot be had: yanked==1.0 was withdrawn by its authors (broken release)",
            "a withdrawn one is taken only where it is pinned (yanked==1.0)",
        ),
        (
            TOO_NEW,
            (
                "another Python is needed: future is required; future==2.0 runs on Python>=3.14 only; the Python here "
                "is 3.12.1"
            ),
            "choose a Python that it runs on with --python",
        ),
        (
            WHEELS,
            "alpha==1.0 cannot be had: alpha==1.0 has wheels for Python 3.8 only",
            "choose a Python for which there are wheels",
        ),
        (
            PROJECT,
            (
                "the requirements cannot be met together: beta (required by shop) needs alpha<1.2; "
                "alpha>=1.5 (required by shop) is required"
            ),
            "loosen one of them: beta (required by shop) or alpha>=1.5",
        ),
        (SEVERAL, "multi>=1.5,<1.9 cannot be had: the index has only multi==1.0, multi==2.0", "change multi>=1.5,<1.9"),
        (
            STEPWISE,
            (
                "the requirements cannot be met together: sphinx<3 is required; theme>2 needs sphinx>=5,<8 (in other "
                "releases sphinx>=6,<9)"
            ),
            "loosen one of them: sphinx<3 or theme>2",
        ),
        (
            EXCEPT_ONE,
            (
                "the requirements cannot be met together: convert>7 needs jinja2>=3.0; jinja2<3 is required; "
                "convert==7.2.0 has wheels for Python 3.8 only"
            ),
            "choose a Python for which there are wheels",
        ),
        (
            CHAINED,
            "alpha>=2 cannot be had: top needs beta and beta needs alpha>=2; the newest alpha on the index is 1.5",
            "change top to what there is",
        ),
        (UNHEARD, "the requirements cannot be met together: alpha is required; the moon is full", "loosen one of them"),
    ],
)
def test_a_chain_of_reasons_becomes_one_paragraph(chain, cause, remedy):
    told = condensed(f"No solution found: {chain}", Places(), "wheels for Python 3.8 only")
    assert told.cause == cause
    assert told.remedy.startswith(remedy) or remedy in told.remedy


def test_every_fact_of_a_chain_is_told_and_no_conclusion():
    for chain in (NEWEST, CONFLICT, DEEP, YANKED, TOO_NEW, PROJECT, SEVERAL, STEPWISE, EXCEPT_ONE, CHAINED):
        assert [fact.kind for fact in facts(chain) if fact.kind == "else"] == []
        assert not any("conclude" in fact.text or "we know" in fact.text for fact in facts(chain))


def test_what_is_no_chain_is_left_to_others():
    assert condensed("Failed to fetch: http://127.0.0.1:9/", Places()) is None


def test_a_requirement_is_named_with_the_file_and_the_line_that_it_stands_in(write):
    root = write({"requirements.txt": "-r base.txt\ngamma\n", "base.txt": "# tools\n\nBeta[x] # used everywhere\n"})
    told = condensed(CONFLICT, Places(root, ".", ("uv", "--requirements", "requirements.txt")))
    assert "Beta (base.txt:3) needs alpha<1.2; gamma (requirements.txt:2) needs alpha>=1.5" in told.cause
    assert (told.where.path, told.where.line) == ("base.txt", 3)
    assert told.remedy == "loosen one of them: Beta (base.txt:3) or gamma (requirements.txt:2)"


def test_a_requirement_that_several_lines_make_up_is_named_with_all_of_them(write):
    root = write({"requirements.txt": "multi>=1.5\nother\nmulti<1.9\n"})
    told = condensed(SEVERAL, Places(root, ".", ("--requirements", "requirements.txt")))
    assert told.cause.startswith("multi>=1.5,<1.9 (requirements.txt:1, requirements.txt:3) cannot be had")
