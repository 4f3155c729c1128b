"""Linters, formatters and type checkers, and the hooks that run them."""

import pytest
from rewriting import check_rewrite
from tables import moving, staying

HOOKS = ".pre-commit-config.yaml"
HOOK = "repos:\n  - repo: https://example.com/x\n    rev: v3.9.0\n    hooks:\n      - id: x\n        {}\n"

MOVES = {
    "tool.target": (
        "pyproject.toml",
        '[tool.ruff]\ntarget-version = "py38"\n',
        '[tool.ruff]\ntarget-version = "py310"\n',
    ),
    "tool.python": (
        "pyproject.toml",
        '[tool.x]\nminimum-python = "3.8"\n',
        '[tool.x]\nminimum-python = "3.10"\n',
    ),
    "tool.args": (
        "pyproject.toml",
        '[tool.poe.tasks]\nup = "pyupgrade --py38-plus a.py"\n',
        '[tool.poe.tasks]\nup = "pyupgrade --py310-plus a.py"\n',
    ),
    "tool.ini": ("mypy.ini", "[mypy]\npython_version = 3.8\n", "[mypy]\npython_version = 3.10\n"),
    "tool.pyright": (
        "pyrightconfig.json",
        '{\n  // the oldest\n  "pythonVersion": "3.8",\n}\n',
        '{\n  // the oldest\n  "pythonVersion": "3.10",\n}\n',
    ),
    "tool.sonar": (
        "sonar-project.properties",
        "sonar.python.version=3.8, 3.9, 3.10, 3.11\n",
        "sonar.python.version=3.10, 3.11, 3.12\n",
    ),
    "hooks.language-version": (
        HOOKS,
        "default_language_version:\n  python: python3.9\n",
        "default_language_version:\n  python: python3.10\n",
    ),
    "hooks.args": (HOOKS, HOOK.format("args: [--py38-plus]"), HOOK.format("args: [--py310-plus]")),
    "hooks.name": (HOOKS, HOOK.format("name: mypy 3.8 on a/"), HOOK.format("name: mypy 3.10 on a/")),
}

STAYS = {
    "tool.target": ("pyproject.toml", '[tool.ruff]\ntarget-version = "py310"\nrequired-version = ">=3.8"\n'),
    "tool.python": ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\npython-dateutil = "3.8"\n'),
    "tool.args": ("pyproject.toml", '[tool.poe.tasks]\nup = "tool --version 3.8"\nflake = "3.9.2"\n'),
    "tool.ini": (".flake8", "[flake8]\nmin_python_version = 3.11\nignore = E39\n"),
    "tool.pyright": ("pyrightconfig.json", '{"pythonVersion": "3.11", "version": "3.8"}\n'),
    "tool.sonar": ("sonar-project.properties", "sonar.projectVersion=3.8\n"),
    "hooks.language-version": (HOOKS, "default_language_version:\n  python: python3\n  node: 3.9.1\n"),
    "hooks.args": (HOOKS, HOOK.format("args: [--max=3.8, --py310-plus]")),
    "hooks.name": (HOOKS, HOOK.format("name: flake8 3.9.2")),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("ruff.toml", "target-version = 'py38'\n", "target-version = 'py310'\n"),
        ("pyproject.toml", '[tool.mypy]\npython_version = "3.8"\n', '[tool.mypy]\npython_version = "3.10"\n'),
        ("pyproject.toml", '[tool.pyright]\npythonVersion = "3.8"\n', '[tool.pyright]\npythonVersion = "3.10"\n'),
        ("pyproject.toml", '[tool.pylint.main]\npy-version = "3.8"\n', '[tool.pylint.main]\npy-version = "3.10"\n'),
        ("pyproject.toml", "[tool.isort]\npy_version = 38\n", "[tool.isort]\npy_version = 38\n"),
        (
            "pyproject.toml",
            "[tool.black]\ntarget-version = ['py38', 'py39', 'py310', 'py311']\n",
            "[tool.black]\ntarget-version = ['py310', 'py311', 'py312']\n",
        ),
        ("pyproject.toml", "[tool.black]\ntarget-version = ['py38']\n", "[tool.black]\ntarget-version = ['py310']\n"),
        (
            "pyproject.toml",
            '[tool.ty.environment]\npython-version = "3.8"\n',
            '[tool.ty.environment]\npython-version = "3.10"\n',
        ),
        ("pyrefly.toml", 'python_version = "3.8"\n', 'python_version = "3.10"\n'),
        ("ty.toml", '[environment]\npython-version = "3.8"\n', '[environment]\npython-version = "3.10"\n'),
        ("setup.cfg", "[mypy]\npython_version = 3.8\n", "[mypy]\npython_version = 3.10\n"),
        ("setup.cfg", "[pytype]\npython_version = 3.8\n", "[pytype]\npython_version = 3.10\n"),
        ("setup.cfg", "[black]\ntarget-version = py38\n", "[black]\ntarget-version = py310\n"),
        (".pylintrc", "[MAIN]\npy-version=3.8\n", "[MAIN]\npy-version=3.10\n"),
        (".flake8", "[flake8]\nmin_python_version = 3.8.0\n", "[flake8]\nmin_python_version = 3.10.0\n"),
        (HOOKS, HOOK.format("args: ['--target-version', 'py38']"), HOOK.format("args: ['--target-version', 'py310']")),
        (HOOKS, HOOK.format('args: ["--python-version=3.8"]'), HOOK.format('args: ["--python-version=3.10"]')),
        (HOOKS, HOOK.format("entry: mypy --python-version 3.8"), HOOK.format("entry: mypy --python-version 3.10")),
        (HOOKS, HOOK.format("language_version: python3.9"), HOOK.format("language_version: python3.10")),
    ],
)
def test_each_tool_has_its_own_spelling(path, before, after):
    check_rewrite(path, before, after)


def test_a_tool_that_reads_the_code_as_the_default_goes_with_it():
    check_rewrite(
        "mypy.ini",
        "[mypy]\npython_version = 3.11\n",
        "[mypy]\npython_version = 3.12\n",
        old_default="3.11",
        default="3.12",
    )
