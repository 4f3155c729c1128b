"""What the system refuses, as an error with a remedy."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

from bootstrap.errors import StepError
from bootstrap.transaction.tree import show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_NO_PERMISSION = (errno.EACCES, errno.EPERM)


@contextlib.contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn an OSError of the block, which concerns `path`, into a StepError."""
    try:
        yield
    except OSError as error:
        raise _step_error(error, show(str(path))) from error


def _step_error(error: OSError, path: str) -> StepError:
    """Say what is in the way of writing `path`."""
    if error.errno in _NO_SPACE:
        message, remedy = f"there is no space left to write {path}", "free some space on that disk"
    elif error.errno in _NO_PERMISSION:
        message = f"the system does not permit writing {path}"
        remedy = "give yourself write permission to it and its folder, and close programs that are using it"
    elif error.errno == errno.EROFS:
        message, remedy = (
            f"{path} is on a read-only file system",
            "make it writable, or work in a copy of the repository",
        )
    elif error.errno == errno.EBUSY:
        message, remedy = f"{path} is in use, or something is mounted there", "close what uses it, or unmount it"
    else:
        message, remedy = f"{path} could not be written: {error.strerror or error}", "put that right"
    return StepError(message, remedy=f"{remedy}, then run the command again", path=path)
