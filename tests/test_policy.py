import pytest
from rewriting import minor, policy

from bootstrap.errors import UsageError
from bootstrap.policy import Transition, make_policy, parse_minor, spelled


@pytest.mark.parametrize(("text", "wanted"), [("3.12", (3, 12)), (" 3.9 ", (3, 9)), ("3.11.4", (3, 11))])
def test_a_feature_version_is_read(text, wanted):
    assert parse_minor(text, "--minimum") == wanted


@pytest.mark.parametrize(
    "text", ["", "3", "three", "3.x", "3.1.2.3", "3.-1", "-3.1", "3.\N{ARABIC-INDIC DIGIT NINE}", "3.12rc1"]
)
def test_what_is_no_feature_version_is_refused_by_the_name_of_the_option(text):
    with pytest.raises(UsageError, match=r"--minimum .* is not a feature version of Python") as caught:
        parse_minor(text, "--minimum")
    assert "3.14" in caught.value.remedy


@pytest.mark.parametrize("text", ["3.99", "2.7", "4.0", "3.1"])
def test_a_version_that_does_not_exist_is_refused(text):
    with pytest.raises(UsageError, match=f"there is no Python {text}"):
        parse_minor(text, "--default")


def test_versions_are_spelled_with_a_dot():
    assert spelled((3, 10)) == "3.10"


def test_supported_versions_are_put_in_order_and_said_once():
    made = make_policy((3, 9), (3, 10), ((3, 10), (3, 9), (3, 10)), default_micro="3")
    assert made.supported == ((3, 9), (3, 10))
    assert (made.newest, made.default_micro) == ((3, 10), "3")


@pytest.mark.parametrize(
    ("minimum", "default", "supported", "said"),
    [
        ("3.9", "3.9", "", "no version is supported"),
        ("3.8", "3.9", "3.9 3.10", "the minimum is 3.8, but the supported versions are 3.9, 3.10"),
        ("3.10", "3.10", "3.9 3.10", "the minimum is 3.10"),
        ("3.9", "3.11", "3.9 3.10", "the default 3.11 is not among the supported versions 3.9, 3.10"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(minimum, default, supported, said):
    with pytest.raises(UsageError, match=said) as caught:
        make_policy(minor(minimum), minor(default), tuple(map(minor, supported.split())))
    assert caught.value.remedy


def test_what_is_older_than_the_minimum_or_no_longer_supported_is_dropped():
    change = Transition(policy("3.8 3.9 3.10"), policy("3.10 3.11"))
    assert [change.drops(minor(one)) for one in ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12")] == [True] * 3 + [
        False
    ] * 3
    gap = Transition(policy("3.8 3.9 3.10"), policy("3.8 3.10"))
    assert [change.drops(minor(one)) for change in [gap] for one in ("3.8", "3.9", "3.10")] == [False, True, False]


def test_what_is_added_was_not_supported_before():
    assert Transition(policy("3.9 3.10"), policy("3.10 3.11 3.12")).added == ((3, 11), (3, 12))


def test_what_stood_alone_takes_the_default_if_one_was_chosen_else_the_minimum():
    old, new = policy("3.8 3.9", "3.9"), policy("3.10 3.11 3.12", "3.11")
    assert Transition(old, new).replacement == (3, 11)
    assert Transition(old, new, has_default=False).replacement == (3, 10)


def test_the_default_moves_forwards_and_when_it_was_chosen():
    old, new = policy("3.8 3.9", "3.9"), policy("3.8 3.9 3.10", "3.10")
    assert Transition(old, new).moves_default
    assert not Transition(old, new, has_default=False).moves_default
    assert not Transition(new, old).moves_default
