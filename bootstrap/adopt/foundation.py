"""What the repository promises: `.python-version`, and the policy in `[tool.devstrap]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.adopt import metadata
from bootstrap.adopt.carried import TABLE, carried
from bootstrap.adopt.commands import shadows
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.tables import added, loaded, spelled_out, table_of
from bootstrap.detect.declared import PIN_FILE, PYPROJECT, SETTINGS
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes

_WHY = "the policy that everything else is held against"


def pin(tree: Tree, wishes: Wishes) -> Drafts:
    """Pin the default in `.python-version`, where nothing does; what pins one was moved with everything else.

    A feature version, not a patch: pyenv's shims fail on a patch that is not installed.
    """
    if tree.read(PIN_FILE) is None:
        yield Draft(PIN_FILE, f"{spelled(wishes.policy.default)}\n".encode(), "the Python that developers use")


def settings(tree: Tree, wishes: Wishes) -> Drafts:
    """Write the policy down in `[tool.devstrap]`, where it is not said yet; a pyproject.toml is made for it if need be.

    What is there already was moved with everything else, and stays in the author's own spelling.
    """
    before = tree.read(PYPROJECT)
    data = loaded(before)
    if data is None:
        yield Remark(PYPROJECT, "it cannot be understood; correct it, then run init again")
        return
    present = table_of(data, "devstrap") or {}
    missing = {key: value for key, value in _policy(wishes).items() if key not in present}
    if not missing:
        return
    if before is None:
        yield _made(tree, wishes)
        return
    after = added(before, "devstrap", missing)
    if after is None:
        rows = "; ".join(f"{key} = {spelled_out(value)}" for key, value in missing.items())
        yield Remark(PYPROJECT, f"say in [{SETTINGS}] what is supported: {rows}")
        return
    yield Draft(PYPROJECT, after, _WHY)


def _made(tree: Tree, wishes: Wishes) -> Draft | Remark:
    """Return a new pyproject.toml, or why there is none: pytest would read it in place of what it reads today.

    Only a new one gets `[project]`: who has one with tables of tools alone has told uv, pip, Hatch, Black and Renovate
    that this is no project, and all of them behave differently once it is.
    """
    told, policy = carried(tree), _policy(wishes)
    unread = next((path for path, _ in shadows(tree)), "")
    if unread and told is None:
        rows = "; ".join(f"{key} = {spelled_out(value)}" for key, value in policy.items())
        return Remark(
            PYPROJECT,
            f"it was not made, as pytest would take it in place of {unread} when it is given several folders: put those"
            f" settings into its [{TABLE}], and say in [{SETTINGS}] what is supported: {rows}",
        )
    tables = [metadata.project(tree, wishes)] if metadata.is_fit(tree) else []
    reasons = [*(["what the repository is"] if tables else []), _WHY]
    if told is not None:
        # Without it, `make test` would find other modules than before.
        comment = f"As in {told.origin}, which pytest no longer looks for when it is given several folders."
        tables.append(metadata.table(TABLE, told.rows, comment))
        reasons.append(f"what pytest takes from {told.origin}")
    tables.append(metadata.table(SETTINGS, policy))
    return Draft(PYPROJECT, "\n".join(tables).encode(), "; ".join(reasons))


def _policy(wishes: Wishes) -> dict[str, str | list[str]]:
    policy = wishes.policy
    return {
        "minimum": spelled(policy.minimum),
        "default": spelled(policy.default),
        "supported": [spelled(minor) for minor in policy.supported],
    }
