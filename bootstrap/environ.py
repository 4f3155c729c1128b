"""The environment variables that commands get: ours, without what belongs to somebody else's project."""

from __future__ import annotations

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
        "UV_FROZEN",
        "UV_LOCKED",
        "UV_MANAGED_PYTHON",
        "UV_NO_MANAGED_PYTHON",
        "UV_NO_SYNC",
        "UV_PROJECT",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PYTHON",
        "UV_PYTHON_PREFERENCE",
        "UV_SYSTEM_PYTHON",
        "UV_WORKING_DIR",
        "UV_WORKING_DIRECTORY",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV_PROMPT",
        "__PYVENV_LAUNCHER__",
    )
)


def clean(env: Mapping[str, str], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return `env` without what an activated environment or another project left in it, and with `extra`."""
    kept = {name: value for name, value in env.items() if name not in _LEAKING}
    return {**kept, **(extra or {})}
