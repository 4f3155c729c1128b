"""What the repository promises: `.python-version`, and the policy in `[tool.devstrap]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.adopt.commands import shadowed
from bootstrap.adopt.model import Draft, Remark
from bootstrap.adopt.tables import added, loaded, spelled_out, table_of
from bootstrap.detect.declared import PIN_FILE, PYPROJECT, SETTINGS
from bootstrap.policy import spelled

if TYPE_CHECKING:
    from bootstrap.adopt.model import Drafts, Tree, Wishes


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
    rows = "; ".join(f"{key} = {spelled_out(value)}" for key, value in missing.items())
    unread = shadowed(tree) if before is None else ""
    if unread:
        yield Remark(
            PYPROJECT,
            f"it was not made, as pytest would take it in place of {unread} when it is given several folders: put those"
            f" settings into its [tool.pytest.ini_options], and say in [{SETTINGS}] what is supported: {rows}",
        )
        return
    after = added(before or b"", "devstrap", missing)
    if after is None:
        yield Remark(PYPROJECT, f"say in [{SETTINGS}] what is supported: {rows}")
        return
    yield Draft(PYPROJECT, after, "the policy that everything else is held against")


def _policy(wishes: Wishes) -> dict[str, str | list[str]]:
    policy = wishes.policy
    return {
        "minimum": spelled(policy.minimum),
        "default": spelled(policy.default),
        "supported": [spelled(minor) for minor in policy.supported],
    }
