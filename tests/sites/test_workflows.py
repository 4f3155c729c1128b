"""GitHub workflows, actions, issue forms."""

import pytest
from rewriting import check_rewrite, found
from tables import moving, staying

CI = ".github/workflows/ci.yml"
STEP = "jobs:\n  test:\n    steps:\n      - {}\n"
MATRIX = "jobs:\n  test:\n    strategy:\n      matrix:\n        {}\n"


def moved(template, before, after, path=CI):
    return path, template.format(before), template.format(after)


MOVES = {
    "github.matrix": moved(
        MATRIX, 'python-version: ["3.8", "3.9", "3.10", "3.11"]', 'python-version: ["3.10", "3.11", "3.12"]'
    ),
    "github.matrix-named": moved(
        MATRIX, "image: [python38, python39, python310, python311]", "image: [python310, python311, python312]"
    ),
    "github.matrix-value": moved(MATRIX, 'config: {python: "3.9"}', 'config: {python: "3.10"}'),
    "github.wheels": moved(
        STEP, 'env: {CIBW_BUILD: "cp38-* cp39-* cp310-* cp311-*"}', 'env: {CIBW_BUILD: "cp310-* cp311-* cp312-*"}'
    ),
    "github.tox": moved(STEP, "env: {TOXENV: py39}", "env: {TOXENV: py310}"),
    "github.python-version": moved(STEP, "with: {python-version: '3.9'}", "with: {python-version: '3.10'}"),
    "github.env": moved("env:\n  {}\njobs: {{}}\n", "UV_PYTHON: 3.9", 'UV_PYTHON: "3.10"'),
    "github.input-options": moved(
        "on:\n  workflow_dispatch:\n    inputs:\n      python:\n        options: {}\n",
        "['3.8', '3.9', '3.10', '3.11']",
        "['3.10', '3.11', '3.12']",
    ),
    "github.input": moved(
        "inputs:\n  python-version:\n    default: {}\nruns: {{}}\n",
        "'3.9'",
        "'3.10'",
        ".github/actions/setup/action.yaml",
    ),
    "github.key": moved("jobs:\n  test:\n    outputs:\n      python: {}\n", "'3.9'", "'3.10'"),
    "github.name": moved(STEP, "name: Set up Python 3.9", "name: Set up Python 3.10"),
    "github.condition": moved(STEP, "if: matrix.python-version == '3.9'", "if: matrix.python-version == '3.10'"),
    "github.container": moved("jobs:\n  test:\n    container: {}\n", "python:3.9-slim", "python:3.10-slim"),
    "github.cache-key": moved(
        STEP, "with: {key: 'pip-3.9-${{{{ runner.os }}}}'}", "with: {key: 'pip-3.10-${{{{ runner.os }}}}'}"
    ),
    "github.run": moved(STEP, "run: uv run --python 3.9 pytest", "run: uv run --python 3.10 pytest"),
    "github.other": moved(STEP, "uses: ./actions/python3.9", "uses: ./actions/python3.10"),
    "github.comment": moved(
        "# {}\njobs: {{}}\n".replace("# ", "on: push\n# ", 1), "needs Python 3.8 or newer", "needs Python 3.10 or newer"
    ),
    "github.checks": moved(
        "queue_rules:\n  - conditions:\n      - {}\n",
        "check-success=test (3.9)",
        "check-success=test (3.10)",
        ".mergify.yml",
    ),
    "github.issue-form": moved(
        "body:\n  - attributes:\n      options: {}\n",
        "['3.8', '3.9', '3.10', '3.11']",
        "['3.10', '3.11', '3.12']",
        ".github/ISSUE_TEMPLATE/bug.yml",
    ),
    "github.issue-template": moved(
        "- {}\n", "Python 3.8 or newer is needed", "Python 3.10 or newer is needed", ".github/ISSUE_TEMPLATE/bug.md"
    ),
}

STAYS = {
    "github.matrix": (CI, MATRIX.format('spark-version: ["3.8", "3.9"]')),
    "github.matrix-named": (CI, MATRIX.format("python: [pypy-3.9, 3.13t, 3.15-dev]")),
    "github.matrix-value": (CI, MATRIX.format('django: {minimum: "3.9"}')),
    "github.wheels": (CI, STEP.format('env: {CIBW_BUILD: "pp39-* *"}')),
    "github.no-wheels": (CI, STEP.format('env: {CIBW_SKIP: "cp38-* pp*"}')),
    "github.tox": (CI, STEP.format("env: {TOXENV: pypy39}")),
    "github.python-version": (CI, STEP.format("with: {python-version: 3.x, node-version: 3.9}")),
    "github.env": (CI, STEP.format("env: {SPARK_VERSION: 3.9}")),
    "github.input-options": (
        CI,
        "on:\n  workflow_dispatch:\n    inputs:\n      spark:\n        options: ['3.8', '3.9']\n",
    ),
    "github.input": (CI, "on:\n  workflow_call:\n    inputs:\n      cmake:\n        default: '3.9'\n"),
    "github.key": (CI, "jobs:\n  test:\n    outputs:\n      cmake: '3.9'\n"),
    "github.name": (CI, STEP.format("name: Install CMake 3.9")),
    "github.condition": (CI, STEP.format("if: matrix.spark == 'spark-3.9'")),
    "github.container": (CI, "jobs:\n  test:\n    container: alpine:3.9\n"),
    "github.cache-key": (CI, STEP.format("with: {key: 'alpine-3.9'}")),
    "github.run": (CI, STEP.format("run: pip install django==3.9 && kafka/3.8/start")),
    "github.other": (CI, STEP.format("uses: actions/checkout@v3.9.1")),
    "github.comment": (CI, "on: push\n# Python 3.8 was dropped\njobs: {}\n"),
    "github.checks": (".mergify.yml", "conditions:\n  - check-success=cmake-3.9\n"),
    "github.issue-form": (".github/ISSUE_TEMPLATE/bug.yml", "body:\n  - attributes:\n      options: [yes, no]\n"),
    "github.issue-template": (".github/ISSUE_TEMPLATE/bug.md", "- Version of Spark: 3.9\n"),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("python-version: [3.8, 3.9, '3.10', '3.11']", "python-version: ['3.10', '3.11', '3.12']"),
        ("python-version: [3.9, 3.11]", 'python-version: ["3.10", 3.11, 3.12]'),
        ("python-version: ['3.11', '3.10', '3.9', '3.8']", "python-version: ['3.12', '3.11', '3.10']"),
        ("python: &all [ '3.8', '3.11' ]  # both ends", "python: &all [ '3.10', '3.11', '3.12' ]  # both ends"),
        ("python: ['3.8', '3.9', '3.10', '3.11', 'pypy3.9']", "python: ['3.10', '3.11', '3.12', 'pypy3.9']"),
        (
            "python: ['3.8', '3.9', '3.10', '3.11', '3.13-dev', '3.13t']",
            "python: ['3.10', '3.11', '3.12', '3.13-dev', '3.13t']",
        ),
        ("toxenv: [py38, py39, py310, py311, lint]", "toxenv: [py310, py311, py312, lint]"),
        ("python: ['3.8.x', '3.9.x', '3.10.x', '3.11.x']", "python: ['3.10.x', '3.11.x', '3.12.x']"),
        (
            "include: [{python: '3.8', os: a}, {python: '3.11', os: b}]",
            "include: [{python: '3.10', os: a}, {python: '3.11', os: b}]",
        ),
        (
            "python-version:\n          - 3.8\n          - 3.9\n          # the newest\n          - '3.11'",
            "python-version:\n          - '3.10'\n          # the newest\n          - '3.11'\n          - '3.12'",
        ),
        (
            'python: ${{ fromJSON(\'["3.8", "3.9", "3.10", "3.11"]\') }}'.replace("{", "{{").replace("}", "}}"),
            'python: ${{ fromJSON(\'["3.10", "3.11", "3.12"]\') }}'.replace("{", "{{").replace("}", "}}"),
        ),
    ],
)
def test_a_matrix_keeps_its_form(before, after):
    before, after = (
        text.replace("{{", "{").replace("}}", "}") if "fromJSON" in text else text for text in (before, after)
    )
    check_rewrite(CI, MATRIX.replace("{}", before), MATRIX.replace("{}", after))


@pytest.mark.parametrize(
    "path",
    [".github/workflows/a.yaml", ".gitea/workflows/a.yml", ".forgejo/workflows/a.yaml", "sub/.github/workflows/a.yml"],
)
def test_workflows_are_known_by_their_folder(path):
    text = STEP.format("with: {python-version: '3.9'}")
    check_rewrite(path, text, text.replace("3.9", "3.10"))
    assert not found("docs/a.yml", text)
