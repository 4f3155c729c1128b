"""Groups that managers keep in tables of their own in pyproject.toml, where no lock tells what they come to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap.nested import at, texts
from bootstrap.setup.dependencies import groups, needs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bootstrap.model import Repository
    from bootstrap.setup.dependencies.needs import Needs

# Conditions are parted by commas or by spaces.
_BETWEEN = re.compile(r"\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^])")
_CLAUSE = re.compile(r"(\^|~=|~|[<>]=?|!=|={0,2})\s*v?(\d+(?:\.\d+)*)([\w.+*-]*)")


def needs_of(repository: Repository) -> Needs:
    """Return the development dependencies of `[tool.uv]`, `[tool.pdm]` and `[tool.poetry]`.

    PDM and Poetry install all of these groups unless one is called optional, and so does this.
    """
    tools = repository.pyproject.get("tool", {})
    uv = texts(at(tools, "uv").get("dev-dependencies"))
    pdm = [text for group in at(tools, "pdm", "dev-dependencies").values() for text in texts(group)]
    poetry = tuple(_poetry(at(tools, "poetry")))
    named = (("uv", uv), ("pdm", pdm), ("poetry", poetry))
    origin = " and ".join(f"[tool.{name}]" for name, written in named if written)
    # PDM has paths among them: -e file:///${PROJECT_ROOT}/sub
    plain = tuple(text for text in (*uv, *pdm, *poetry) if not text.startswith("-"))
    return needs.Needs(requirements=tuple(dict.fromkeys(plain)), origin=origin) if plain else needs.NOTHING


def _poetry(poetry: Mapping[str, Any]) -> Iterator[str]:
    yield from _specifiers(at(poetry, "dev-dependencies"))
    for name, group in at(poetry, "group").items():
        is_optional = isinstance(group, dict) and group.get("optional") is True
        if isinstance(group, dict) and (not is_optional or groups.for_developers([name])):
            yield from _specifiers(at(group, "dependencies"))


def _specifiers(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield Poetry's constraints as dependency specifiers (PEP 508); of several for one name the last is taken."""
    for name, entry in section.items():
        table = entry[-1] if isinstance(entry, list) and entry else entry
        table = table if isinstance(table, dict) else {"version": table}
        if name.lower() == "python" or "path" in table:
            continue
        bracket = f"[{','.join(texts(table.get('extras')))}]" if table.get("extras") else ""
        marker = f" ; {table['markers']}" if table.get("markers") else ""
        if "git" in table:
            commit = next((f"@{table[key]}" for key in ("rev", "tag", "branch") if key in table), "")
            yield f"{name}{bracket} @ git+{table['git']}{commit}{marker}"
        elif "url" in table:
            yield f"{name}{bracket} @ {table['url']}{marker}"
        else:
            version = str(table.get("version", "*"))
            yield f"{name}{bracket}{_constraint(version)}{marker}"


def _constraint(text: str) -> str:
    """Return Poetry's version constraint as specifiers (PEP 440); empty for any version, and for alternatives."""
    if "|" in text:
        return ""
    return ",".join(clause for part in _BETWEEN.split(text.strip()) if (clause := _clause(part)))


def _clause(part: str) -> str:
    """Return one condition: ^1.2 goes up to the next version that may break, ~1.2 up to the next minor one."""
    found = _CLAUSE.fullmatch(part.strip())
    if found is None:
        return ""
    operator, version, rest = found.groups()
    if operator in ("", "=", "=="):
        return f"=={version}{rest}"
    rest = rest if operator == "!=" else rest.removesuffix(".*")
    if operator not in ("^", "~"):
        return f"{operator}{version}{rest}"
    numbers = version.split(".")
    first = next((place for place, number in enumerate(numbers) if int(number)), len(numbers) - 1)
    place = first if operator == "^" else min(1, len(numbers) - 1)
    return f">={version}{rest},<{'.'.join((*numbers[:place], str(int(numbers[place]) + 1)))}"
