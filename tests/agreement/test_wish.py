"""Settings in, a policy out, or an error with its place."""

import pytest
from shop import FILES

from bootstrap.agreement.check import check
from bootstrap.agreement.modernize import modernize
from bootstrap.agreement.versions import versions
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Status


def with_settings(text, files=FILES):
    return {**files, "pyproject.toml": f"{files['pyproject.toml']}\n[tool.devstrap]\n{text}\n"}


def test_settings_go_before_what_is_declared(shop, done):
    shop(with_settings('minimum = "3.12"\ndefault = "3.13"\nsupported = ["3.12", "3.13"]'))
    report = done(check)
    assert report.policy.source == "[tool.devstrap] in pyproject.toml"
    assert (report.policy.minimum, report.policy.default) == ("3.12", "3.13")
    wanted = {place.kind: place.expected for place in report.declared}
    assert wanted["github.matrix"] == '"3.12", "3.13"'
    assert wanted["pyproject.classifiers"] == "3.12, 3.13"
    assert wanted["pyproject.requires-python"] == "3.12"


@pytest.mark.parametrize(
    ("settings", "policy"),
    [
        ('minimum = "3.12"', ("3.12", "3.12", ("3.12",))),
        ('default = "3.11"', ("3.11", "3.11", ("3.11", "3.12"))),
        ('default = "3.13"', ("3.11", "3.13", ("3.11", "3.12", "3.13"))),
        ('supported = ["3.13", "3.12"]', ("3.12", "3.12", ("3.12", "3.13"))),
    ],
)
def test_what_the_settings_leave_out_is_taken_from_the_declarations(shop, done, settings, policy):
    shop(with_settings(settings))
    told = done(check).policy
    assert (told.minimum, told.default, told.supported) == policy


@pytest.mark.parametrize(
    ("settings", "line", "said"),
    [
        ('minimum = "3.12"\nsupported = ["3.11", "3.12"]', 11, "the minimum is 3.12, but the supported versions are"),
        ('supported = ["3.11"]\ndefault = "3.12"', 10, "the default 3.12 is not among"),
        ("supported = []", 10, "supported is empty"),
        ('minimum = "3.99"', 10, "there is no Python 3.99"),
        ('supported = ["3.11", "3"]', 10, "'3' is not a feature version"),
        ('minimums = "3.11"', 10, "has no key 'minimums'"),
    ],
)
def test_settings_that_contradict_themselves_or_name_nothing_are_refused_with_their_line(
    shop, done, settings, line, said
):
    shop(with_settings(settings))
    for command in (check, versions, modernize):
        with pytest.raises((UsageError, MalformedFileError), match=said) as caught:
            done(command)
        assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)


def test_modernize_carries_out_the_settings_when_nothing_else_is_asked_for(shop, done):
    root = shop(with_settings('default = "3.13"\nsupported = ["3.12", "3.13"]'))
    report = done(modernize, is_yes=True)
    assert report.status is Status.READY
    assert 'python-version: ["3.12", "3.13"]' in (root / ".github/workflows/ci.yml").read_text()
    assert done(check).findings == ()
    assert done(modernize, is_yes=True).status is Status.NOTHING_TO_DO


def test_settings_move_along(shop, done):
    root = shop(with_settings('minimum = "3.11"\nsupported = ["3.11", "3.12"]'))
    report = done(modernize, is_yes=True, minimum="3.12", supported=("3.12", "3.13"))
    assert (report.status, report.plan.skipped) == (Status.READY, ())
    assert 'minimum = "3.12"\nsupported = ["3.12", "3.13"]' in (root / "pyproject.toml").read_text()


def test_settings_that_go_on_to_say_something_else_than_the_command_line_are_pointed_out(shop, done):
    shop(with_settings('supported = ["3.12", "3.13"]'))
    report = done(modernize, supported=("3.12",), is_dry_run=True)
    (skip,) = report.plan.skipped
    assert skip.what == "pyproject.toml:10"
    assert skip.reason == 'goes on to say "3.12", "3.13"; put 3.12 there too'
