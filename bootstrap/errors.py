"""What can go wrong, each with what the person can do about it."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.model import Run


class BootstrapError(Exception):
    """Something that the person can put right.

    `message` says what is wrong, `remedy` what to do, and `path`, `line` (from 1) and `column` (from 1) where.
    `exit_code` is what the command ends with: 2 when nothing was begun, 4 when it was begun and rolled back, or when
    the repository cannot be set up as it is.
    """

    code = "error"
    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        path: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.path = path
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        """Return `path:line:column` as far as it is known, or an empty string."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class UsageError(BootstrapError):
    """The command line asks for something that does not exist or does not fit."""

    code = "usage"


class MalformedFileError(BootstrapError):
    """A file of the repository cannot be understood."""

    code = "malformed-file"


class ContradictionError(BootstrapError):
    """Two places of the repository demand Pythons that no version satisfies together."""

    code = "contradiction"


class UnsafePathError(BootstrapError):
    """A path leads out of the repository, or is not what devstrap may write to."""

    code = "unsafe-path"


class LockedError(BootstrapError):
    """Another run of devstrap works on this repository."""

    code = "locked"


class ChangedError(BootstrapError):
    """A file is not as devstrap left or found it, so touching it could lose somebody's work."""

    code = "changed"


class StepError(BootstrapError):
    """A step failed after work had begun; everything that was done is undone."""

    code = "step-failed"
    exit_code = 4
    said = ""
    """What the command said that failed, whole."""
    run: Run | None = None
    """The command, as it was planned."""


class ForesightError(StepError):
    """A step was stopped since something better than to go on with it is known; what it had done is undone."""

    code = "foresight"
    python = ""
    """The Python with which it need not be done at all."""


class BrokenTestsError(StepError):
    """Tests that passed before a change fail after it; the change is taken back."""

    code = "broken-tests"


class UnfinishedError(StepError):
    """What comes after everything else failed; all that was done before stays, and works."""

    code = "unfinished"


class InterruptedRunError(BootstrapError):
    """The person pressed Ctrl-C, or the system asked devstrap to end."""

    code = "interrupted"
    exit_code = 130
