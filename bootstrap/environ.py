"""The environment variables that commands get: ours, without what belongs to somebody else's project."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Settings that belong to another project's environment, or that would turn uv or Python away from this one.
_LEAKING = frozenset(
    (
        "CONDA_DEFAULT_ENV",
        "CONDA_PREFIX",
        "PYENV_VERSION",
        "PYENV_VIRTUAL_ENV",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "UV_CONSTRAINT",
        "UV_ENV_FILE",
        "UV_EXCLUDE",
        "UV_FROZEN",
        "UV_ISOLATED",
        "UV_LOCKED",
        "UV_MANAGED_PYTHON",
        "UV_NO_MANAGED_PYTHON",
        "UV_NO_DEFAULT_GROUPS",
        "UV_NO_DEV",
        "UV_NO_EDITABLE",
        "UV_NO_GROUP",
        "UV_NO_SYNC",
        "UV_OVERRIDE",
        "UV_PRERELEASE",
        "UV_PROJECT",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PYTHON",
        "UV_PYTHON_PREFERENCE",
        "UV_REQUIRE_HASHES",
        "UV_RESOLUTION",
        "UV_SYSTEM_PYTHON",
        "UV_WORKING_DIR",
        "UV_WORKING_DIRECTORY",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV_PROMPT",
        "__PYVENV_LAUNCHER__",
    )
)
_FAMILIES = ("UV_NO_INSTALL_", "UV_VENV_")


CI_VARIABLES = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION")
"""By which the services give themselves away; the last three do not set the first."""

_NO = ("", "0", "false", "no", "off")


def is_on(value: str) -> bool:
    """Say whether a variable that switches something on does so."""
    return value.strip().lower() not in _NO


def is_ci(env: Mapping[str, str]) -> bool:
    """Say whether nobody sits here: a service for continuous integration runs this."""
    return any(is_on(env.get(name, "")) for name in CI_VARIABLES)


def clean(env: Mapping[str, str], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return `env` without what an activated environment or another project left in it, and with `extra`."""
    kept = {name: value for name, value in env.items() if name not in _LEAKING and not name.startswith(_FAMILIES)}
    return {**kept, **(extra or {})}


def activated(env: Mapping[str, str], environment: str) -> dict[str, str]:
    """Return what activating an environment would set (PEP 405), without the shell."""
    from bootstrap.detect.pyvenv import scripts_in  # noqa: PLC0415 - a run with nothing to do needs none of it

    kept = {name: value for name, value in env.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    path = os.pathsep.join(part for part in (scripts_in(environment), env.get("PATH", os.defpath)) if part)
    return {**kept, "VIRTUAL_ENV": environment, "PATH": path}
