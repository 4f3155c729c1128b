"""What tools are told in files of their own, moved into pyproject.toml, where they read the same; only if wanted."""

from __future__ import annotations

import json
import os
import posixpath
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.adopt.commands import text_of
from bootstrap.adopt.inifile import Section, sections, without
from bootstrap.adopt.metadata import row
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.tables import loaded, table_of
from bootstrap.adopt.wrapper import PATH
from bootstrap.detect.declared import PYPROJECT
from bootstrap.errors import MalformedFileError
from bootstrap.expression import expression

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Iterable, Iterator

    from bootstrap.adopt.inifile import Option
    from bootstrap.adopt.metadata import Value
    from bootstrap.adopt.model import Drafts, Tree, Wishes

# Where a file's name leads nobody to it.
_UNREAD = (PATH, ".devstrap.json", ".gitignore", ".dockerignore", ".gitattributes")
_UNCLEAR = "it cannot be understood"
_TOML_IN_PYTHON = (3, 11)
_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_NUMBER = expression(r"\d+(?:\.\d+)?")
_HEADER_OF_INI = expression(r"(?m)^\[([^\]\n]+)\]")
# An option that names the file, as a shell, a list of YAML or one of TOML writes it.
_POINTS = expression(
    r"(?:(?<![\w-])-c|--(?:config(?:-file|_file|-path)?|rcfile|settings(?:-file|-path)?|s[fp]))"
    r"[=\s,\"']{1,6}(?:-[ ]*)?[\"']?[\w./${}-]*\bsetup\.cfg"
)
_ASKS_FOR_TOOLS = (".pre-commit-config.yaml", "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "Pipfile")
_ISORT_4 = expression(r"isort[^\n]{0,40}\n?[^\n]{0,40}(?:==|rev:|~=|<=?|=)\s*[\"']*[v^~=]*(?:4\.|5\b(?!\.))")
_OLD_ISORT = "isort before 5 reads that only if it is installed as isort[pyproject]"
SETUP_CFG = "setup.cfg"
TAKEN = f"is said in {PYPROJECT} now"
"""Why setup.cfg goes without something."""
_INLINE = expression(r"\s[#;]")


class Written(NamedTuple):
    """A table as it will stand in pyproject.toml, and its content."""

    text: str
    tool: str
    content: dict[str, Any]
    is_listed: bool = False
    """Whether it is one of a list: `[[tool.mypy.overrides]]`."""


class Tool(NamedTuple):
    """A tool that reads a file of its own first, and then pyproject.toml."""

    table: str
    files: tuple[str, ...]
    """What it takes before pyproject.toml, and what can be moved."""
    tables: Callable[[str], list[Written] | str]
    """The tables that say what a text does, or why that is not sure."""
    shared: str = ""
    """How its sections begin in setup.cfg and tox.ini, where it takes those before pyproject.toml too."""
    others: tuple[str, ...] = ()
    """What it takes before pyproject.toml as well, and stays: who has such a file chose it over pyproject.toml."""
    inside: re.Pattern[str] | None = None
    """Its sections in setup.cfg, where it looks for them after pyproject.toml."""
    move: Callable[[Section], Written | None] = lambda _: None
    """What makes a table of such a section."""


def gathered(tree: Tree, wishes: Wishes) -> Drafts:
    """Take over what pytest, mypy, coverage, isort, ruff and pyright are told in files of their own, which go.

    So do the sections of setup.cfg that are for tools which look for them in pyproject.toml first. flake8 does not.
    """
    content, moved = tree.read(PYPROJECT), list[str]()
    if not wishes.has_gather or content is None or loaded(content) is None:
        return
    for tool in TOOLS:
        path = next((name for name in tool.files if name in tree.paths), "")
        found = _moved(tool, path, tree, wishes) if path else ""
        after = _with(content, found) if isinstance(found, list) else None
        if after is not None:
            content, moved = after, [*moved, path]
        elif path:
            reason = found if isinstance(found, str) else _UNCLEAR
            yield Remark(path, f"it was not moved into {PYPROJECT}: {reason}")
    content, rest, remarks = _taken_apart(tree, content, moved)
    yield from remarks
    before = tree.read(SETUP_CFG)
    is_gone = rest is not None and not rest.strip()
    named = ", ".join([*moved, *([SETUP_CFG] if rest != before else [])])
    if named:
        yield Draft(
            PYPROJECT, content, f"what was said in {named}", replaces=(*moved, *([SETUP_CFG] if is_gone else []))
        )
    if rest is not None and rest != before and not is_gone:
        yield Draft(SETUP_CFG, rest, f"what it told other tools {TAKEN}")


def _taken_apart(tree: Tree, content: bytes, moved: Collection[str]) -> tuple[bytes, bytes | None, list[Remark]]:
    """Return pyproject.toml with what setup.cfg tells each tool, setup.cfg without that, and what stays."""
    rest, remarks = tree.read(SETUP_CFG), list[Remark]()
    for tool in TOOLS:
        found = _inside(tool, tree, content, rest, moved) if rest is not None and tool.inside is not None else None
        if isinstance(found, str):
            remarks.append(Remark(f"{SETUP_CFG}: {tool.table}", f"it was not moved into {PYPROJECT}: {found}"))
        elif found is not None:
            content, rest = found
    return content, rest, remarks


def _inside(
    tool: Tool, tree: Tree, content: bytes, shared: bytes, moved: Collection[str]
) -> tuple[bytes, bytes] | str | None:
    """Return both files with a tool's sections moved, or why they stay; None where there are none."""
    text = shared.decode("latin-1").replace("\r\n", "\n")
    headers = [match[1] for match in _HEADER_OF_INI.finditer(text)]
    if tool.inside is None or not any(map(tool.inside.fullmatch, headers)):
        return None
    reason = _obstacle_inside(tool, tree, content, headers, moved)
    found = sections(text, is_shared=True) if not reason and text.isascii() else None
    if found is None:
        return reason or _UNCLEAR
    own = [one for one in found if tool.inside.fullmatch(one.name)]
    tables = [tool.move(one._replace(name=one.name.removeprefix("tool:"))) for one in own]
    unsure = next((one.name for one, table in zip(own, tables, strict=True) if table is None), None)
    after = _with(content, [table for table in tables if table is not None])
    if unsure is not None or after is None:
        return f"what [{unsure or own[0].name}] says may mean something else there"
    rest = without(text, found, [one.name for one in own])
    left = sections(rest, is_shared=True) if rest.strip() else ()
    if left is None or [*map(_said, left)] != [_said(one) for one in found if one not in own]:
        return _UNCLEAR
    return after, rest.replace("\n", "\r\n" if b"\r\n" in shared else "\n").encode("latin-1")


def _said(section: Section) -> tuple[object, ...]:
    """Return all that a section says, without the empty lines behind it."""
    options = [(option.key, option.value, option.comments) for option in section.options]
    return section.name, options, section.comments, section.last


def _obstacle_inside(tool: Tool, tree: Tree, content: bytes, headers: Collection[str], moved: Collection[str]) -> str:
    """Say why a tool does not read its sections of setup.cfg, or would read something else; nothing where it does."""
    if os.path.islink(tree.root / SETUP_CFG):
        return "it is a symbolic link"
    own = next((name for name in (*tool.files, *tool.others) if name in tree.paths and name not in moved), "")
    if own:
        return f"{own} is read in its place; leave one of them"
    if table_of(loaded(content) or {}, tool.table) is not None:
        return f"[tool.{tool.table}] is read in its place; leave one of them"
    if tool.table == "pytest" and "[pytest]" in text_of(tree, "tox.ini"):
        return "tox.ini has [pytest] and is read in its place; leave one of them"
    if tool.table == "mypy" and any(
        "mypy" in name and not name.startswith(("mypy-", "tool:")) for name in {*headers} - {"mypy"}
    ):
        return "a plugin of mypy looks for its section beside"
    if tool.table == "isort" and _is_old_isort(tree):
        return _OLD_ISORT
    named = next((path for path in tree.paths if path != SETUP_CFG and _POINTS.search(_latin(tree, path))), "")
    return f"{named} tells a tool to read it; take that out first" if named else ""


def _is_old_isort(tree: Tree) -> bool:
    """Say whether isort is asked for in a release before 5, which brings no reader of TOML."""
    told = (path for path in tree.paths if "requirements" in path or posixpath.basename(path) in _ASKS_FOR_TOOLS)
    return any(_ISORT_4.search(_latin(tree, path)) for path in told)


def _latin(tree: Tree, path: str) -> str:
    try:
        return (tree.read(path) or b"").decode("latin-1")
    except MalformedFileError:
        return ""


def _with(before: bytes, tables: Iterable[Written]) -> bytes | None:
    """Return the file with the tables at its end; None where it would not say just that in addition."""
    text, expected = "", loaded(before)
    for table in tables:
        text += f"\n{table.text}"
        expected = _both(expected, _expected(table))
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    start = before if before.endswith(b"\n") else before + newline
    after = start + text.encode().replace(b"\n", newline)
    return after if loaded(after) == expected else None


def _both(one: Any, other: Any) -> Any:
    """Return what two documents say together."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _both(one[key], value) if key in one else value for key, value in other.items()}}
    return [*one, *other] if isinstance(one, list) and isinstance(other, list) else other


def _moved(tool: Tool, path: str, tree: Tree, wishes: Wishes) -> list[Written] | str:
    """Return the tables, or why the file stays."""
    reason = _obstacle(tool, path, tree, wishes)
    if reason:
        return reason
    try:
        text = (tree.read(path) or b"").decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return "it is no UTF-8"
    return tool.tables(text)


def _expected(table: Written) -> dict[str, Any]:
    """Return what a table says once it is read, by which its spelling is proven."""
    content: Any = [table.content] if table.is_listed else table.content
    for name in reversed(("tool", *table.tool.split("."))):
        content = {name: content}
    return content  # type: ignore[no-any-return]


def _obstacle(tool: Tool, path: str, tree: Tree, wishes: Wishes) -> str:
    """Say why a tool would not read the same in pyproject.toml; nothing where it would."""
    if os.path.islink(tree.root / path):
        return "it is a symbolic link"
    if table_of(loaded(tree.read(PYPROJECT)) or {}, tool.table) is not None:
        return f"[tool.{tool.table}] is there already, and one of the two is not read; leave one of them"
    other = next((name for name in (*tool.files, *tool.others) if name in tree.paths and name != path), "")
    if other:
        return f"{other} would be read in its place; leave one of them"
    section = f"[{tool.shared}"
    shared = ("setup.cfg", "tox.ini") if tool.shared else ()
    other = next((name for name in shared if section in text_of(tree, name)), "")
    if other:
        return f"{other} has {section}...] and would be read in its place; leave one of them"
    if tool.table == "coverage" and wishes.policy.minimum < _TOML_IN_PYTHON:
        return "below Python 3.11 coverage reads that only if it is installed as coverage[toml]"
    if tool.table == "isort" and _is_old_isort(tree):
        return _OLD_ISORT
    named = next(_naming(path, tree), "")
    return f"{named} names it; take it out there first" if named else ""


def _naming(path: str, tree: Tree) -> Iterator[str]:
    """Yield the files in which a file's name stands: whoever names it would look for it in vain."""
    spellings = (path.encode(), path.replace(".", "\\.").encode())
    for one in tree.paths:
        if one != path and posixpath.basename(one) not in _UNREAD:
            try:
                data = tree.read(one) or b""
            except MalformedFileError:
                continue
            if any(name in data for name in spellings):
                yield one


# ---- of INI ---------------------------------------------------------------------------------------------------------


def _of_ini(move: Callable[[Section], Written | None]) -> Callable[[str], list[Written] | str]:
    """Return what makes tables of a text, by what makes one of a section: None where that is not sure."""

    def tables(text: str) -> list[Written] | str:
        found = sections(text)
        if found is None:
            return _UNCLEAR
        made = [(section.name, move(section)) for section in found]
        unsure = next((name for name, table in made if table is None), None)
        if unsure is not None:
            return f"what [{unsure}] says may mean something else there"
        return [table for _, table in made if table is not None]

    return tables


def _table(
    tool: str, section: Section, typed: Callable[[Option], Value | None], module: Value | None = None
) -> Written | None:
    """Return the table of a section, with its comments; None where a value is not understood."""
    content: dict[str, Any] = {"module": module} if module is not None else {}
    is_listed = module is not None
    lines = [*map(_comment, section.comments), f"[[tool.{tool}]]" if is_listed else f"[tool.{tool}]"]
    lines += [row(key, value) for key, value in content.items()]
    for option in section.options:
        value = typed(option)
        if value is None or any(_INLINE.search(line) for line in option.lines):
            return None
        content[option.key] = value
        lines += [*map(_comment, option.comments), row(option.key, value)]
    lines += map(_comment, section.last)
    return Written("\n".join(lines) + "\n", tool, content, is_listed)


def _comment(text: str) -> str:
    return f"#{text[1:]}"


def _number(text: str) -> Value | None:
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _split(text: str, separators: str) -> list[str]:
    for separator in separators:
        text = text.replace(separator, "\n")
    return [one.strip() for one in text.split("\n") if one.strip()]


# ---- pytest (https://docs.pytest.org/en/stable/reference/customize.html) --------------------------------------------

_PYTEST_WORDS = (
    *("addopts", "doctest_optionflags", "norecursedirs", "python_classes", "python_files", "python_functions"),
    *("pythonpath", "required_plugins", "testpaths", "usefixtures"),
)
_PYTEST_LINES = ("filterwarnings", "markers")
_PYTEST_TRUTHS = ("log_cli", "xfail_strict")


def _of_pytest(section: Section) -> Written | None:
    return _table("pytest.ini_options", section, _typed_for_pytest) if section.name == "pytest" else None


def _typed_for_pytest(option: Option) -> Value | None:
    """Return a value of the type that pytest gives it. Text means the same in TOML, so what is not known is that."""
    if option.key in _PYTEST_LINES:
        return option.members
    if option.key in _PYTEST_WORDS:
        try:
            return shlex.split(option.value)
        except ValueError:
            return None
    if option.key in _PYTEST_TRUTHS:
        return _TRUTH.get(option.value.lower())
    return option.value if "\n" not in option.value else None


# ---- mypy (https://mypy.readthedocs.io/en/stable/config_file.html) --------------------------------------------------

_MYPY_LISTS = {
    **dict.fromkeys(("files", "packages", "modules", "plugins", "always_true", "always_false"), ","),
    **dict.fromkeys(("enable_error_code", "disable_error_code", "enable_incomplete_feature"), ","),
    **dict.fromkeys(("untyped_calls_exclude", "deprecated_calls_exclude"), ","),
    "mypy_path": ",:",
}
_MYPY_TEXTS = (
    *("cache_dir", "custom_typeshed_dir", "custom_typing_module", "exclude", "follow_imports", "junit_format"),
    *("junit_xml", "platform", "python_executable", "python_version", "quickstart_file"),
)
_OVERRIDES = "mypy-"


def _of_mypy(section: Section) -> Written | None:
    if section.name == "mypy":
        return _table("mypy", section, _typed_for_mypy)
    modules = _split(section.name.removeprefix(_OVERRIDES), ",") if section.name.startswith(_OVERRIDES) else []
    if not modules:  # a plugin's
        return None
    return _table("mypy.overrides", section, _typed_for_mypy, modules if len(modules) > 1 else modules[0])


def _typed_for_mypy(option: Option) -> Value | None:
    if option.key in _MYPY_LISTS:
        return _split(option.value, _MYPY_LISTS[option.key])
    if option.key in _MYPY_TEXTS or option.key.endswith("_report"):
        return option.value
    if option.key == "verbosity":
        return _number(option.value)
    return _TRUTH.get(option.value.lower())


# ---- coverage (https://coverage.readthedocs.io/en/latest/config.html) -----------------------------------------------

_COVERAGE_LISTS = (
    *("concurrency", "debug", "disable_warnings", "include", "omit", "patch", "plugins", "source", "source_dirs"),
    "source_pkgs",
)
_COVERAGE_LINES = ("exclude_also", "exclude_lines", "partial_also", "partial_branches")
_COVERAGE_NUMBERS = ("fail_under", "package_depth", "precision")
_COVERAGE_TEXTS = (
    *("command_line", "context", "core", "data_file", "debug_file", "directory", "dynamic_context", "extra_css"),
    *("format", "output", "sort", "title"),
)
_COVERAGE_TABLES = ("html", "json", "lcov", "paths", "report", "run", "xml")


def _of_coverage(section: Section) -> Written | None:
    name = section.name.removeprefix("coverage:")
    typed: Callable[[Option], Value | None] = _typed_for_coverage
    if name == "paths":
        typed = _of_paths
    return _table(f"coverage.{name}", section, typed) if name in _COVERAGE_TABLES else None


def _of_paths(option: Option) -> Value | None:
    return _split(option.value, ",")


def _typed_for_coverage(option: Option) -> Value | None:
    if option.key in _COVERAGE_LISTS:
        return _split(option.value, ",")
    if option.key in _COVERAGE_LINES:
        return option.members
    if option.key in _COVERAGE_NUMBERS:
        return _number(option.value)
    if option.key in _COVERAGE_TEXTS:
        return option.value if "\n" not in option.value else None
    return _TRUTH.get(option.value.lower())


# ---- isort (https://pycqa.github.io/isort/docs/configuration/options.html) -------------------------------------------

_ISORT_LISTS = (
    *("add_imports", "blocked_extensions", "classes", "constants", "extend_skip", "extend_skip_glob"),
    *("extra_standard_library", "force_to_top", "forced_separate", "namespace_packages", "no_lines_before"),
    *("remove_imports", "sections", "single_line_exclusions", "skip", "skip_glob", "src_paths"),
    *("supported_extensions", "treat_comments_as_code", "variables"),
)
_ISORT_NUMBERS = (
    *("force_grid_wrap", "line_length", "lines_after_imports", "lines_before_imports", "lines_between_sections"),
    *("lines_between_types", "wrap_length"),
)
_ISORT_TRUTHS = (
    *("atomic", "balanced_wrapping", "case_sensitive", "color_output", "combine_as_imports", "combine_star"),
    *("ensure_newline_before_comments", "filter_files", "float_to_top", "follow_links", "force_adds"),
    *("force_alphabetical_sort", "force_alphabetical_sort_within_sections", "force_single_line"),
    *("force_sort_within_sections", "from_first", "group_by_package", "honor_noqa", "ignore_whitespace"),
    *("include_trailing_comma", "length_sort", "length_sort_straight", "no_sections"),
    *("only_modified", "only_sections", "order_by_type", "quiet", "remove_redundant_aliases"),
    *("reverse_relative", "reverse_sort", "skip_gitignore", "star_first", "use_parentheses", "verbose"),
)
_ISORT_TEXTS = ("default_section", "line_ending", "profile", "py_version")


def _of_isort(section: Section) -> Written | None:
    return _table("isort", section, _typed_for_isort) if section.name in ("isort", "settings") else None


def _typed_for_isort(option: Option) -> Value | None:
    if option.key in _ISORT_LISTS or option.key.startswith("known_"):
        return _split(option.value, ",")
    if option.key in _ISORT_NUMBERS:
        return _number(option.value)
    if option.key == "multi_line_output":
        number = _number(option.value)
        return option.value if number is None else number
    if option.key in _ISORT_TEXTS or option.key.startswith(("import_heading_", "import_footer_")):
        return option.value if "\n" not in option.value else None
    return _TRUTH.get(option.value.lower()) if option.key in _ISORT_TRUTHS else None


# ---- ruff (https://docs.astral.sh/ruff/configuration/) --------------------------------------------------------------

_HEADER = expression(r"(?m)^([ \t]*\[\[?[ \t]*)(?=[\w\"'-])")


def _of_ruff(text: str) -> list[Written] | str:
    """Return the same TOML with longer headers, which is proven by reading it: a text may look like a header."""
    content = loaded(text.encode())
    first = next((match.start() for match in _HEADER.finditer(text)), len(text))
    has_keys = any(line.strip() and not line.lstrip().startswith("#") for line in text[:first].split("\n"))
    below = _HEADER.sub(r"\1tool.ruff.", text[first:])
    start = f"[tool.ruff]\n{text[:first].lstrip()}" if has_keys or not below else text[:first].lstrip()
    return [Written(f"{start}{below}".rstrip() + "\n", "ruff", content)] if content is not None else _UNCLEAR


# ---- pyright (https://microsoft.github.io/pyright/#/configuration) --------------------------------------------------

_KEY_LINE = expression(r'\s*"(\w+)"\s*:')


def _of_pyright(text: str) -> list[Written] | str:
    """Return the options with the comments that stand on lines of their own above them; others have no place."""
    from bootstrap.syntax import jsonc  # noqa: PLC0415 - few repositories need it

    try:
        content = jsonc.load(text.encode())
    except MalformedFileError:
        return _UNCLEAR
    if not isinstance(content, dict):
        return _UNCLEAR
    above = _comments(text, content)
    if above is None:
        return "it has comments that have no place there"
    lines = ["[tool.pyright]"]
    for key, value in content.items():
        lines += above.get(key, ())
        lines.append(row(key, value) if _is_plain(value) else f"{key} = {_inline(value)}")
    return [Written("\n".join(lines) + "\n", "pyright", content)]


def _comments(text: str, content: dict[str, Any]) -> dict[str, list[str]] | None:
    """Return the comments above each option; None where there are some elsewhere."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    for line in text.split("\n"):
        words, key = line.strip(), _KEY_LINE.match(line)
        if words.startswith("//"):
            waiting.append(f"#{words[2:]}")
        elif waiting and words:
            if key is None or key[1] not in content or key[1] in found:
                return None
            found[key[1]], waiting = waiting, []
    rest = "\n".join(line for line in text.split("\n") if not line.strip().startswith("//"))
    return None if waiting or "/*" in rest or _INLINE_OF_JSON.search(rest) else found


_INLINE_OF_JSON = expression(r"(?m)//(?=[^\"]*$)")


def _is_plain(value: object) -> bool:
    is_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return is_texts or isinstance(value, str | bool | int | float)


def _inline(value: object) -> str:
    """Return lists and objects as TOML has them in one line; what it has no word for becomes something it refuses."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value, ensure_ascii=False)


TOOLS = (
    Tool(
        "pytest",
        ("pytest.ini", ".pytest.ini"),
        _of_ini(_of_pytest),
        others=("pytest.toml", ".pytest.toml"),
        inside=expression(r"tool:pytest"),
        move=_of_pytest,
    ),
    Tool("mypy", ("mypy.ini", ".mypy.ini"), _of_ini(_of_mypy), inside=expression(r"mypy(?:-.*)?"), move=_of_mypy),
    Tool("coverage", (".coveragerc",), _of_ini(_of_coverage), "coverage:", (".coveragerc.toml",)),
    Tool("isort", (".isort.cfg",), _of_ini(_of_isort), inside=expression(r"(?:tool:)?isort"), move=_of_isort),
    Tool("ruff", (".ruff.toml", "ruff.toml"), _of_ruff),
    Tool("pyright", ("pyrightconfig.json",), _of_pyright),
)
