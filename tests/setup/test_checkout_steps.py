"""What git has not brought is fetched first, and only what an installation needs has to come."""

from bootstrap.besides import Besides, Submodule
from bootstrap.setup.checkout import hints, steps


def test_a_whole_checkout_needs_nothing(facts):
    assert steps(facts()) == steps(facts(besides=Besides())) == ()
    assert hints(None) == hints(Besides()) == ()


def test_submodules_that_an_installation_needs_are_told_from_the_others(facts):
    found = (Submodule("themes/a"), Submodule("vendor/b", "setup.py"), Submodule("themes/c"))
    needed, others = steps(facts(besides=Besides(submodules=found)))
    assert needed.argv == ("git", "submodule", "update", "--init", "--recursive", "--", "vendor/b")
    assert others.argv[-3:] == ("--", "themes/a", "themes/c")
    assert (needed.is_optional, others.is_optional) == (False, True)
    assert (needed.turn, others.turn) == ("first", "first")
    assert dict(needed.env)["GIT_TERMINAL_PROMPT"] == "0"
    assert needed.purpose == "check out the submodule vendor/b"
    assert others.purpose == "check out the submodules themes/a, themes/c"


def test_many_are_not_all_named(facts):
    found = tuple(Submodule(f"m{number}") for number in range(9))
    (one,) = steps(facts(besides=Besides(submodules=found)))
    assert one.purpose == "check out the submodules m0, m1, m2 and 6 more"


def test_files_of_git_lfs_are_fetched_where_they_can_be(facts):
    (pull,) = steps(facts(besides=Besides(pointers=("a.bin", "b.bin"))))
    assert (pull.argv, pull.is_optional) == (("git", "lfs", "pull"), True)
    assert pull.purpose == "fetch 2 files from git-lfs"
    assert steps(facts(besides=Besides(pointers=("a.bin",), without_lfs="it is not there"))) == ()


def test_git_is_told_of_git_lfs_first_where_it_does_not_know_it(facts):
    install, pull = steps(facts(besides=Besides(pointers=("a.bin",), has_lfs_filters=False)))
    assert install.argv == ("git", "lfs", "install", "--local")
    assert pull.argv == ("git", "lfs", "pull")


def test_an_installation_that_fails_may_do_so_for_what_is_missing():
    told = hints(Besides((Submodule("vendor/b"),), pointers=("a.bin",), is_too_shallow=True))
    assert [text.partition(":")[0] for text in told] == [
        "the clone is shallow and has no tag to take the version from",
        "not checked out",
        "1 file is only git-lfs' pointer",
    ]
