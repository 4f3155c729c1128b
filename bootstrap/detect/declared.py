"""Which Python a repository declares, read from its files without running anything in them.

`guard` reads through this module, so it imports nothing heavy: a line reader answers first, and the real TOML parser
only where the line reader cannot be sure.
"""

from __future__ import annotations

from bootstrap.errors import MalformedFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reader = Callable[[str], bytes | None]
    Declared = tuple[str, str, int]

PIN_FILE = ".python-version"
PYPROJECT = "pyproject.toml"


def decode(name: str, content: bytes) -> str:
    """Decode a file that its format says is UTF-8, with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedFileError(f"{name} is not UTF-8", remedy="save it as UTF-8", path=name, line=line) from None


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
    """Return the text, file and line of requires-python (PEP 621), or setuptools' python_requires, or None."""
    content = read(PYPROJECT)
    if content is not None and b"requires-python" in content:
        found = _from_pyproject(decode(PYPROJECT, content))
        if found is not None:
            return found[0], PYPROJECT, found[1]
    for name, quoted in (("setup.cfg", False), ("setup.py", True)):
        content = read(name)
        if content is not None and b"python_requires" in content:
            text = content.decode("utf-8", "replace")
            found = _quoted_keyword(text) if quoted else _configured(text)
            if found is not None:
                return found[0], name, found[1]
    return None


def read_default(read: Reader) -> Declared | None:
    """Return the text, file and line of `default` in `[tool.devstrap]`, as far as the line reader can tell."""
    content = read(PYPROJECT)
    if content is None or b"[tool.devstrap]" not in content:
        return None
    found = _scan(decode(PYPROJECT, content), "[tool.devstrap]", "default")
    return (found[0], PYPROJECT, found[1]) if found else None


def _from_pyproject(text: str) -> tuple[str, int] | None:
    found = _scan(text, "[project]", "requires-python")
    if found is not None:
        return found
    import tomllib  # noqa: PLC0415 - only for spellings that the line reader does not know

    try:
        value = tomllib.loads(text).get("project", {}).get("requires-python")
    except (tomllib.TOMLDecodeError, AttributeError):
        return None
    if not isinstance(value, str):
        return None
    lines = enumerate(text.splitlines(), 1)
    return value, next((number for number, line in lines if "requires-python" in line and value in line), 1)


def _scan(text: str, wanted_table: str, wanted_key: str) -> tuple[str, int] | None:
    """Find `key = "..."` in a table, in the one spelling that nearly everybody uses."""
    if '"""' in text or "'''" in text:
        return None  # a line may be inside a multi-line string
    for number, table, key, value in _assignments(text):
        if table == wanted_table and key == wanted_key:
            quote = value[:1]
            inner, closed, rest = value[1:].partition(quote) if quote in ('"', "'") else ("", "", "")
            if closed and "\\" not in inner and rest.partition("#")[0].strip() == "":
                return inner, number
            return None
    return None


def _assignments(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield line number, table header, key and raw value of the lines that look like `key = value`."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
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
    """Find `python_requires=">=3.8"`, written out, in a setup.py."""
    for number, line in enumerate(text.splitlines(), 1):
        before, found, rest = line.partition("python_requires")
        rest = rest.lstrip().removeprefix("=").lstrip()
        if found and "#" not in before and rest[:1] in ('"', "'"):
            inner, closed, _ = rest[1:].partition(rest[0])
            if closed:
                return inner, number
    return None
