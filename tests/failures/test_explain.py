"""What uv 0.13.9 says when it fails, word for word, and what the person is told then."""

import pytest

from bootstrap.errors import StepError
from bootstrap.failures import explain
from bootstrap.process import Completed


def told(stderr):
    return explain(Completed(("uv", "pip", "install", "alpha"), 1, "", stderr), "install the dependencies")


UNSATISFIABLE = """\
Using Python 3.12.1 environment at: v
error: No solution found when resolving dependencies
  cause: Because all versions of alpha depend on beta<2 and you require alpha, we can conclude that you require beta<2.
         And because you require beta>=2, we can conclude that your requirements are unsatisfiable.
"""
OFFLINE = """\
Using Python 3.12.1 environment at: v
error: No solution found when resolving dependencies
  cause: Because alpha was not found in the cache and you require alpha, we can conclude that your requirements are \
unsatisfiable.

hint: Packages were unavailable because the network was disabled. When the network is disabled, registry packages may \
only be read from the cache.
"""
INDEX_DOWN = """\
Using Python 3.12.1 environment at: v
error: Failed to fetch: http://127.0.0.1:9/simple/alpha/
  cause: error sending request for url (http://127.0.0.1:9/simple/alpha/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
HASH_MISMATCH = """\
Using Python 3.12.1 environment at: v
Resolved 401 packages in 2ms
error: Failed to download `beta==1.0`
  cause: Hash mismatch for `beta==1.0`

         Expected:
           sha256:0000000000000000000000000000000000000000000000000000000000000000

         Computed:
           sha256:3e20de3a124e4310c3c6a07bdd9ceef23b08b19911e14826b1e4b425b6215c06
"""
FAILED_BUILD = """\
Using Python 3.12.1 environment at: v
Resolved 1 package in 1ms
   Building bad @ file:///tmp/bad
error: Failed to build `bad @ file:///tmp/bad`
  cause: The build backend returned an error
  cause: Call to `be.build_editable` failed (exit status: 1)

         [stderr]
{}
         Traceback (most recent call last):
           File "<string>", line 11, in <module>
           File "/tmp/bad/be.py", line 3, in build_editable
             raise RuntimeError("no libfoo.h")
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
         RuntimeError: no libfoo.h

hint: Build failures usually indicate a problem with the package or the build environment
"""
NO_INTERPRETER = "error: No interpreter found for Python 3.9.99 in managed installations or search path\n"
NO_INTERPRETER_OFFLINE = """\
error: No interpreter found for Python 3.12.1 in managed installations

hint: A managed Python download is available for Python 3.12.1, but uv is set to offline mode
"""
NO_DOWNLOAD = "error: No download found for request: cpython-3.12.99-linux-x86_64-gnu\n"
INSTALL_DOWN = """\
error: Failed to install cpython-3.12.9-linux-x86_64-gnu
  cause: Failed to download `http://127.0.0.1:9/x/cpython-3.12.9.tar.gz`
  cause: error sending request for url (http://127.0.0.1:9/x/cpython-3.12.9.tar.gz)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
INSTALL_OFFLINE = """\
error: Failed to install cpython-3.12.9-linux-x86_64-gnu
  cause: Failed to download `https://mirror.invalid/cpython-3.12.9.tar.gz`
  cause: Network connectivity is disabled, but the requested data wasn't found in the cache: https://mirror.invalid/
"""


@pytest.mark.parametrize(
    ("stderr", "cause", "remedy"),
    [
        (UNSATISFIABLE, "alpha needs beta<2; beta>=2 is required", "loosen one of them: alpha or beta>=2"),
        (OFFLINE, "alpha is not in the cache", "leave out --offline"),
        (INDEX_DOWN, "alpha cannot be had: 127.0.0.1:9 cannot be reached (Connection refused", "check the network"),
        (HASH_MISMATCH, "beta==1.0 is not the one whose hash is noted", "whether the file or the note was changed"),
        (FAILED_BUILD.format("         compiling"), "RuntimeError: no libfoo.h", "install what the build misses"),
        (NO_INTERPRETER, "No interpreter found for Python 3.9.99", "choose another Python with --python"),
        (NO_INTERPRETER_OFFLINE, "No interpreter found for Python 3.12.1", "leave out --offline"),
        (NO_DOWNLOAD, "No download found", "UV_PYTHON_INSTALL_MIRROR"),
        (INSTALL_DOWN, "Connection refused", "check the network"),
        (INSTALL_OFFLINE, "Network connectivity is disabled", "leave out --offline"),
    ],
)
def test_the_cause_is_readable_and_the_remedy_fits(stderr, cause, remedy):
    error = told(stderr)
    assert isinstance(error, StepError)
    assert error.message.startswith("could not install the dependencies: ")
    assert cause in error.message
    assert remedy in error.remedy


@pytest.mark.parametrize(
    "stderr", [UNSATISFIABLE, OFFLINE, INDEX_DOWN, HASH_MISMATCH, FAILED_BUILD.format(""), NO_INTERPRETER_OFFLINE]
)
def test_labels_hints_and_chatter_are_left_out_of_the_cause(stderr):
    message = told(stderr).message
    assert not any(word in message for word in ("error: ", "cause: ", "hint:", "Using Python", "Resolved"))


def test_of_a_long_build_s_output_the_line_is_shown_that_says_why():
    message = told(FAILED_BUILD.format("\n".join(f"         cc file{n}.c" for n in range(500)))).message
    cause = "bad @ file:///tmp/bad could not be built: RuntimeError: no libfoo.h"
    assert message == f"could not install the dependencies: {cause}"


@pytest.mark.parametrize("noise", ["certificate.c", "error: permission denied", "403 Forbidden", "no space left"])
def test_what_a_build_says_does_not_decide_about_the_remedy(noise):
    assert "install what the build misses" in told(FAILED_BUILD.format(f"         {noise}")).remedy


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        ("No space left on device (os error 28)", "free some space"),
        ("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("HTTP status client error (401 Unauthorized) for url (https://index.invalid/)", "credentials"),
        ("HTTP status client error (403 Forbidden) for url (https://index.invalid/)", "credentials"),
        ("Permission denied (os error 13)", "write permission"),
        ("Read-only file system (os error 30)", "write permission"),
        ("operation timed out", "check the network"),
        ("failed to lookup address information: Name or service not known", "check the network"),
    ],
)
def test_the_system_s_and_the_network_s_refusals_have_their_own_remedy(cause, remedy):
    assert remedy in told(f"error: Failed to prepare distributions\n  cause: {cause}\n").remedy


@pytest.mark.parametrize("address", ["https://me:secret@host/x.whl", "git+ssh://secret@host/x", "https://secret@host/"])
def test_no_password_of_an_address_is_told(address):
    error = told(f"error: Failed to do it with {address}\n  cause: it is new\n")
    assert "secret" not in error.message + error.remedy
    assert "****@host" in error.message


def test_the_user_that_every_git_server_has_is_no_secret():
    assert "ssh://git@host/x" in told("error: Failed to do it with ssh://git@host/x\n").message


def test_the_frames_that_uv_may_draw_around_causes_are_taken_off():
    message = told("error: Failed\n  \u251c\u2500\u25b6 first\n  \u2570\u2500\u25b6 second\n").message
    assert message.splitlines()[1:] == ["  first", "  second"]


def test_of_a_long_message_that_nobody_knows_the_start_and_the_end_are_shown():
    message = told("error: Failed\n" + "".join(f"  cause: {n}\n" for n in range(500))).message
    assert message.splitlines()[:2] == ["could not install the dependencies: Failed", "  0"]
    assert message.splitlines()[-2:] == ["  498", "  499"]
    assert len(message.splitlines()) == 13


def test_uv_s_own_hint_is_the_remedy_where_we_know_none():
    assert told("error: Something new\nhint: Turn it off and on\n").remedy == "Turn it off and on"


def test_without_any_hint_the_command_itself_is_offered():
    assert told("error: Something new\n").remedy == "run it by hand to see more: uv pip install alpha"


def test_a_command_to_run_by_hand_can_be_given_to_a_shell_as_it_is():
    failed = Completed(("uv", "pip", "install", "--python", "/my code/.venv", "alpha>=1"), 1, "", "error: new\n")
    remedy = explain(failed, "install it").remedy
    assert remedy.endswith(": uv pip install --python '/my code/.venv' 'alpha>=1'")


def test_a_command_that_names_no_error_is_quoted_with_its_last_words():
    message = told("\n".join(f"line {n}" for n in range(20))).message
    assert "line 19" in message
    assert "line 13" not in message


def test_a_command_that_says_nothing_is_said_to_have_said_nothing():
    assert told("\n").message == "could not install the dependencies: it said nothing"
