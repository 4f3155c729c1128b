"""Which Python a repository declares, read from its files without running anything in them.

`guard` reads through this module, so it imports nothing heavy: a line reader answers first, and the real TOML parser
only where the line reader cannot be sure.
"""

from __future__ import annotations

from bootstrap.errors import MalformedFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Reader = Callable[[str], bytes | None]
    Declared = tuple[str, str, int]

PIN_FILE = ".python-version"
PYPROJECT = "pyproject.toml"
SETTINGS = "tool.devstrap"


def decode(name: str, content: bytes) -> str:
    """Decode a file that its format says is UTF-8, with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedFileError(f"{name} is not UTF-8", remedy="save it as UTF-8", path=name, line=line) from None


def malformed_toml(name: str, error: ValueError, text: str) -> MalformedFileError:
    """Word what tomllib says of a file, with the line and column of the first mistake."""
    message, _, place = str(error).rpartition(" (at ")
    numbers = [int(word.rstrip(",)")) for word in place.split() if word.rstrip(",)").isdigit()]
    # What is never closed is noticed at the end of the document, which has no number.
    line, column = (*numbers, None)[:2] if numbers else (text.rstrip("\n").count("\n") + 1, None)
    return MalformedFileError(
        f"{name} is not valid TOML: {message or error}",
        remedy="correct it there, then run this again",
        path=name,
        line=line,
        column=column,
    )


def read_pin(read: Reader) -> Declared | None:
    """Return the text, file and line of the version that `.python-version` names first, or None.

    Further lines are further versions for pyenv, and comments start with `#`, as in uv.
    """
    content = read(PIN_FILE)
    if content is None:
        return None
    for number, line in enumerate(decode(PIN_FILE, content).splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text:
            return text, PIN_FILE, number
    raise MalformedFileError(
        f"{PIN_FILE} names no version",
        remedy="write the version into it, for example 3.12, or delete it",
        path=PIN_FILE,
    )


def read_requires_python(read: Reader) -> Declared | None:
    """Return the text, file and line of requires-python (PEP 621), or setuptools' python_requires, or None.

    Raises MalformedFileError for a pyproject.toml that is no TOML, and for a requires-python that is no string.
    """
    content = read(PYPROJECT)
    if content is not None and b"requires-python" in content:
        text = decode(PYPROJECT, content)
        found = _scan(text, "project", "requires-python") or _parse(text, "project", "requires-python", ">=3.11")
        if found is not None:
            return found[0], PYPROJECT, found[1]
    if content is not None and b"tool.poetry.dependencies" in content:
        found = _scan(decode(PYPROJECT, content), "tool.poetry.dependencies", "python")
        if found is not None and in_standard_terms(found[0]):
            return in_standard_terms(found[0]), PYPROJECT, found[1]
    for name, quoted in (("setup.cfg", False), ("setup.py", True)):
        content = read(name)
        if content is not None and b"python_requires" in content:
            text = content.decode("utf-8", "replace")
            found = _quoted_keyword(text) if quoted else _configured(text)
            if found is not None:
                return found[0], name, found[1]
    return None


def _conditions(text: str) -> Iterator[str]:
    """Yield Poetry's conditions: they are parted by commas or by spaces, and may have a space behind the operator."""
    for part in text.split(","):
        current = ""
        for word in part.split():
            if current[-1:].isalnum() or current[-1:] == "*":
                yield current
                current = ""
            current += word
        yield current


def in_standard_terms(text: str) -> str:
    """Return Poetry's version constraint as specifiers of PEP 440; empty for what has none, such as alternatives."""
    clauses = []
    for part in _conditions(text):
        release = part.lstrip("^~= ").split(".")
        if part[:1] in ("^", "~") and part[:2] != "~=":
            if not all(number.isdigit() for number in release):
                return ""
            # ^3.9 goes up to the next major version, ~3.9 up to the next minor one
            upper = (
                [release[0], str(int(release[1]) + 1)]
                if part[0] == "~" and len(release) > 1
                else [str(int(release[0]) + 1)]
            )
            clauses += [f">={'.'.join(release)}", f"<{'.'.join(upper)}"]
        elif part[:1] in ("<", ">", "!", "=") or part[:2] == "~=":
            clauses.append(part)
        elif part != "*":
            return ""
    return ",".join(clauses) if "||" not in text else ""


def read_default(read: Reader) -> Declared | None:
    """Return the text, file and line of `default` in `[tool.devstrap]`, or None.

    Raises MalformedFileError for a pyproject.toml that is no TOML, and for a default that is no string.
    """
    content = read(PYPROJECT)
    if content is None or b"devstrap" not in content or b"default" not in content:
        return None
    text = decode(PYPROJECT, content)
    found = _scan(text, SETTINGS, "default")
    if found is None and _may_have_default(text):
        found = _parse(text, SETTINGS, "default", "3.12")
    return (found[0], PYPROJECT, found[1]) if found else None


def _may_have_default(text: str) -> bool:
    """Say whether a default that the line reader did not find may be there in another spelling.

    `default-groups` and the like are common, and no reason to start the parser.
    """
    if _has_long_strings(text) or any(key.strip("\"'") == "default" for _, _, key, _ in _assignments(text)):
        return True
    statements = (line.partition("#")[0].strip() for line in text.split("\n"))
    return any("devstrap" in statement and statement != f"[{SETTINGS}]" for statement in statements)


def _has_long_strings(text: str) -> bool:
    return '"""' in text or "'''" in text


def _parse(text: str, table: str, key: str, example: str) -> tuple[str, int] | None:
    """Find the string at `key` of a table of pyproject.toml in whatever spelling, for what the line reader leaves."""
    import tomllib  # noqa: PLC0415 - only for spellings that the line reader does not know

    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise malformed_toml(PYPROJECT, error, text) from None
    for name in (*table.split("."), key):
        data = data.get(name) if isinstance(data, dict) else None
    if data is None:
        return None
    line = line_of(text, table, key) or 1
    if not isinstance(data, str):
        raise MalformedFileError(
            f"{key} in [{table}] must be a string",
            remedy=f'write it in quotes, for example "{example}"',
            path=PYPROJECT,
            line=line,
        )
    return data, line


def line_of(text: str, table: str, key: str) -> int | None:
    """Return the line, from 1, of `key` in a table such as `tool.devstrap`, or None; `text` has to be valid TOML.

    The table named by nothing is the document itself. In an inline table it is the line on which the whole begins,
    and for a key that is a table its header's.
    """
    wanted = [*filter(None, table.split(".")), key]
    current: list[str] = []
    for number, statement in _statements(text):
        if statement.startswith("["):
            current = _path(statement.partition("]")[0])
            if current[: len(wanted)] == wanted:
                return number
            continue
        path = current + _path(statement.partition("=")[0])
        if len(path) > len(current) and wanted[: len(path)] == path:
            return number
    return None


def _path(name: str) -> list[str]:
    """Return the parts of a dotted key or of a table's header (TOML 1.0.0, "Keys"), quoted or not."""
    return [part.strip(" \t\"'") for part in name.strip("[ \t").split(".")]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the tables' headers and the assignments of valid TOML, each with the line on which it begins."""
    import re  # noqa: PLC0415 - it takes longer than all that a quick command does

    # Whatever a bracket or the end of a line may hide in, then those two; a closing \"\"\" may follow two more quotes.
    hiding = r""""{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|\#[^\n]*"""
    depth, start, line = 0, 0, 1
    for token in re.finditer(rf"{hiding}|[\[\]{{}}\n]|\Z", text, re.DOTALL):
        found = token[0]
        depth += (found in ("[", "{")) - (found in ("]", "}"))
        if found in ("\n", "") and depth == 0:
            statement = text[start : token.start()]
            if statement.strip() and not statement.lstrip().startswith("#"):
                yield line, statement.strip()
            line += statement.count("\n") + 1
            start = token.end()


def _scan(text: str, wanted_table: str, wanted_key: str) -> tuple[str, int] | None:
    """Find `key = "..."` in a table, in the one spelling that nearly everybody uses."""
    if _has_long_strings(text):
        return None  # a line may be inside a multi-line string
    for number, table, key, value in _assignments(text):
        if table == f"[{wanted_table}]" and key == wanted_key:
            quote = value[:1]
            inner, closed, rest = value[1:].partition(quote) if quote in ('"', "'") else ("", "", "")
            if closed and "\\" not in inner and rest.partition("#")[0].strip() == "":
                return inner, number
            return None
    return None


def _assignments(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield line number, table header, key and raw value of the lines that look like `key = value`."""
    table = ""
    # Not splitlines, which ends a line at characters that TOML has in its strings.
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = stripped.partition("#")[0].strip()
        else:
            key, equals, value = stripped.partition("=")
            if equals:
                yield number, table, key.strip(), value.strip()


def _configured(text: str) -> tuple[str, int] | None:
    """Find `python_requires = >=3.8` in the `[options]` of setup.cfg."""
    for number, table, key, value in _assignments(text):
        if table == "[options]" and key == "python_requires" and value:
            return value, number
    return None


def _quoted_keyword(text: str) -> tuple[str, int] | None:
    """Find `python_requires=">=3.8"`, or the same as a key of a dict, written out, in a setup.py."""
    for number, line in enumerate(text.splitlines(), 1):
        before, found, rest = line.partition("python_requires")
        if before[-1:] in ('"', "'"):
            # of a key the closing quote, the bracket and the colon stand before the value
            rest = rest.removeprefix(before[-1]).lstrip().removeprefix("]").lstrip().removeprefix(":")
        rest = rest.lstrip().removeprefix("=").lstrip()
        if found and "#" not in before and rest[:1] in ('"', "'"):
            inner, closed, _ = rest[1:].partition(rest[0])
            if closed:
                return inner, number
    return None
