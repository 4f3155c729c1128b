"""`.env` from its example: what is read, what is filled in, and what is never shown."""

import pytest

from bootstrap.besides import Besides, Dotenv
from bootstrap.model import Answers, Change
from bootstrap.setup.dotenv import changes, filled, is_secret, masked, names, open_names, quoted

EXAMPLE = b"""# settings
DEBUG=1
export SECRET_KEY=
EMPTY=""
NONE=''   # nothing yet
COMMENTED= # to be found
URL=postgres://ada:pw@db/shop
 SPACED = a b # why
HASH=a#b
NAME="it's \\"quoted\\" # here"
LONG="first
TOKEN=inside
last"
AFTER=2
no line
9=x
"""


def absent(path=".env", **changed):
    given = {"example": f"{path}.example", "content": b"A=1\nTOKEN=\n", "is_there": False, "is_ignored": True}
    return Dotenv(path, **{**given, **changed})


@pytest.fixture
def planned(facts):
    """Return the changes and what is left alone for these `.env` files."""

    def plan(*dotenvs, answers=None, ignoring=None):
        files = {".gitignore": ignoring}
        return changes(facts(besides=Besides(dotenvs=dotenvs)), answers or Answers(), files.get)

    return plan


def test_every_name_is_found_but_none_in_a_value_of_several_lines():
    assert names(EXAMPLE) == (
        *("DEBUG", "SECRET_KEY", "EMPTY", "NONE", "COMMENTED", "URL", "SPACED", "HASH", "NAME", "LONG", "AFTER"),
    )


def test_what_has_no_value_is_open():
    assert open_names(EXAMPLE) == ("SECRET_KEY", "EMPTY", "NONE", "COMMENTED")


@pytest.mark.parametrize(
    "value", ["<your key>", "changeme", "change-me!", "changethis", "your-token-here", '"xxxx"', "TODO", "...", "'...'"]
)
def test_what_stands_in_for_a_value_is_open_too(value):
    assert open_names(f"A={value}\n".encode()) == ("A",)


@pytest.mark.parametrize("value", ["yours", "0", "a...", "<b", "todos", "localhost", "false"])
def test_any_other_value_is_none_that_is_open(value):
    assert open_names(f"A={value}\n".encode()) == ()


def test_only_the_values_that_were_typed_change():
    values = {"SECRET_KEY": "k", "NONE": "n", "COMMENTED": "c d", "LONG": "unused"}
    after = filled(EXAMPLE.replace(b'LONG="first\nTOKEN=inside\nlast"\n', b""), values)
    assert after == EXAMPLE.replace(b'LONG="first\nTOKEN=inside\nlast"\n', b"").replace(
        b"SECRET_KEY=", b"SECRET_KEY=k"
    ).replace(b"NONE=''", b"NONE=n").replace(b"COMMENTED= #", b"COMMENTED= 'c d'#")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_mark_at_the_beginning_stay(end, mark):
    assert filled(mark + b"KEY=" + end, {"KEY": "v"}) == mark + b"KEY=v" + end


def test_what_is_no_text_is_only_copied():
    assert filled(b"A=\n\xff", {"A": "1"}) == b"A=\n\xff"
    assert names(b"A=\n\xff") == ()
    assert b"A" not in masked(b"A=\n\xff")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain-1", "plain-1"),
        ("", ""),
        ("a b", "'a b'"),
        ("#1", "'#1'"),
        ("$HOME", "'$HOME'"),
        ("it's", '"it\'s"'),
        ("a\\b\"c'", '"a\\\\b\\"c\'"'),
    ],
)
def test_a_value_is_quoted_where_it_would_be_taken_for_something_else(value, written):
    assert quoted(value) == written


@pytest.mark.parametrize("value", ["a b", "#1", 'say "no"', "back\\slash", "it's", "\\\"'"])
def test_a_value_that_is_written_is_read_again(value):
    after = filled(b"A= # why\nB=2\n", {"A": value})
    assert names(after) == ("A", "B")
    assert open_names(after) == ()


@pytest.mark.parametrize("name", ["SECRET_KEY", "API_TOKEN", "db_password", "AWS_CREDENTIALS"])
def test_secrets_are_known_by_their_names(name):
    assert is_secret(name)
    assert not is_secret("DEBUG")


def test_no_secret_is_shown():
    text = (
        b'DEBUG=1\nAPI_KEY=abc # mine\nDATABASE_URL=postgres://ada:pw@db/shop\nTOKEN="one\ntwo\nthree"\nLAST=2\nKEY=\n'
    )
    shown = masked(text)
    assert shown == b"DEBUG=1\nAPI_KEY=*** # mine\nDATABASE_URL=***\nTOKEN=***\nLAST=2\nKEY=\n"


def test_one_that_is_missing_is_written_for_its_owner_alone(planned):
    (change,), skipped = planned(absent())
    assert change == Change(".env", None, b"A=1\nTOKEN=\n", "from .env.example", 0o600, is_secret=True)
    assert skipped == ()


def test_what_was_typed_for_one_stays_out_of_the_others(planned):
    answers = Answers(values=((".env", "TOKEN", "t"), ("api/.env", "TOKEN", "u")))
    made, _ = planned(absent(), absent("api/.env"), absent("web/.env"), answers=answers)
    assert [change.after for change in made] == [b"A=1\nTOKEN=t\n", b"A=1\nTOKEN=u\n", b"A=1\nTOKEN=\n"]


def test_one_that_is_there_is_never_touched(planned):
    assert planned(absent(is_there=True, is_ignored=None), answers=Answers(ignores_dotenv=True)) == ((), ())


def test_who_wants_none_gets_none(planned):
    assert planned(absent(), absent(is_ignored=False), answers=Answers(dotenv=False)) == ((), ())


def test_one_that_could_be_committed_is_not_written(planned):
    made, (skip,) = planned(absent(is_ignored=False))
    assert made == ()
    assert skip.what == ".env"
    assert "add .env to .gitignore" in skip.reason
    made, (skip,) = planned(absent(is_ignored=None), answers=Answers(ignores_dotenv=True))
    assert made == ()
    assert "git could not say" in skip.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, b".env\n"),
        (b"", b".env\n"),
        (b"a\n", b"a\n.env\n"),
        (b"a", b"a\n.env\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\n.env\r\n"),
        (b"a\r\nb", b"a\r\nb\r\n.env\r\n"),
    ],
)
def test_git_ignores_it_first_where_that_was_agreed_to(planned, before, after):
    answers = Answers(ignores_dotenv=True)
    made, skipped = planned(
        absent(is_ignored=False), absent("a/.env", is_ignored=False), answers=answers, ignoring=before
    )
    assert [change.path for change in made] == [".gitignore", ".env", "a/.env"]
    assert (made[0].before, made[0].after, skipped) == (before, after, ())
