"""What every reader does before and after its own work: is this text at all, and where does it go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.errors import MalformedFileError

if TYPE_CHECKING:
    from pathlib import Path

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def malformed(
    kind: str, reason: str, path: Path | str | None, line: int | None = None, column: int | None = None
) -> MalformedFileError:
    """Return the error for a file that cannot be read as what `kind` names, with its place as far as it is known."""
    return MalformedFileError(
        f"cannot be read as {kind}: {reason}",
        remedy="correct the file there and run the command again",
        path=path,
        line=line,
        column=column,
    )


def refuse_binary(kind: str, data: bytes, path: Path | str | None, reason: str) -> None:
    """Raise MalformedFileError for what is no text in an encoding that has ASCII in it."""
    if b"\0" in data or data.startswith(UTF_16):
        raise malformed(kind, reason, path)


def decoded(kind: str, data: bytes, path: Path | str | None) -> str:
    """Return the text without its byte order mark; raise MalformedFileError when it is no UTF-8 text."""
    refuse_binary(kind, data, path, "it is not a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise malformed(kind, "it is not UTF-8", path, data.count(b"\n", 0, error.start) + 1) from None


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, the column in characters; a byte order mark does not count."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].removeprefix(BOM).decode()) + 1
