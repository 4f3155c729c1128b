"""Services other than GitHub: GitLab, Azure, CircleCI, Travis, AppVeyor, Read the Docs and others."""

import pytest
from rewriting import check_rewrite
from tables import moving, staying

AZURE = "azure-pipelines.yml"
GITLAB = ".gitlab-ci.yml"
CIRCLE = ".circleci/config.yml"
TRAVIS = ".travis.yml"

MOVES = {
    "rtd.python": (
        ".readthedocs.yaml",
        'version: 2\nbuild:\n  tools:\n    python: "3.9"\n',
        'version: 2\nbuild:\n  tools:\n    python: "3.10"\n',
    ),
    "rtd.command": (
        ".readthedocs.yaml",
        "build:\n  commands:\n    - uv run --python 3.9 mkdocs\n",
        "build:\n  commands:\n    - uv run --python 3.10 mkdocs\n",
    ),
    "ci.jobs": (
        AZURE,
        """\
strategy:
  matrix:
    Python39:
      python.version: '3.9'
    Python310:
      python.version: '3.10'
    Python311:
      python.version: '3.11'
""",
        """\
strategy:
  matrix:
    Python310:
      python.version: '3.10'
    Python311:
      python.version: '3.11'
    Python312:
      python.version: '3.12'
""",
    ),
    "ci.gitlab-jobs": (
        GITLAB,
        "test:3.9:\n  image: python:3.9\n\ntest:3.10:\n  image: python:3.10\n\nlint:\n  script: ruff check\n",
        "test:3.10:\n  image: python:3.10\n\nlint:\n  script: ruff check\n",
    ),
    "ci.matrix": (
        TRAVIS,
        'python:\n  - "3.8"\n  - "3.9"\n  - "3.10"\n  - "3.11"\n',
        'python:\n  - "3.10"\n  - "3.11"\n  - "3.12"\n',
    ),
    "ci.workflow": (
        CIRCLE,
        "workflows:\n  all:\n    jobs:\n      - test-3.9\n      - test-3.10\n",
        "workflows:\n  all:\n    jobs:\n      - test-3.10\n",
    ),
    "ci.python-version": (
        AZURE,
        "steps:\n  - task: UsePythonVersion@0\n    inputs:\n      versionSpec: '3.9'\n",
        "steps:\n  - task: UsePythonVersion@0\n    inputs:\n      versionSpec: '3.10'\n",
    ),
    "ci.variable": (
        AZURE,
        "variables:\n  - name: python.version\n    value: '3.9'\n  - name: spark\n    value: '3.9'\n",
        "variables:\n  - name: python.version\n    value: '3.10'\n  - name: spark\n    value: '3.9'\n",
    ),
    "ci.image": (GITLAB, "lint:\n  image: python:3.9-slim\n", "lint:\n  image: python:3.10-slim\n"),
    "ci.tox": (TRAVIS, "env:\n  TOXENV: py39\n", "env:\n  TOXENV: py310\n"),
    "ci.name": (AZURE, "steps:\n  - displayName: Python 3.9\n", "steps:\n  - displayName: Python 3.10\n"),
    "ci.command": (
        TRAVIS,
        "install: python3.9 -m pip install tox\n",
        "install: python3.10 -m pip install tox\n",
    ),
    "ci.other": (
        "appveyor.yml",
        'environment:\n  HOME: "C:\\\\Python39-x64"\n',
        'environment:\n  HOME: "C:\\\\Python310-x64"\n',
    ),
    "ci.comment": (
        TRAVIS,
        "language: python\n# needs Python 3.8 or newer\n",
        "language: python\n# needs Python 3.10 or newer\n",
    ),
    "ci.jenkins": ("Jenkinsfile", "sh 'python3.9 -m tox'\n", "sh 'python3.10 -m tox'\n"),
    "codecov.flags": (
        "codecov.yml",
        "flags:\n  python-3.9:\n    paths: [a]\n  python-3.10:\n    paths: [a]\n  python-3.11:\n    paths: [a]\n",
        "flags:\n  python-3.10:\n    paths: [a]\n  python-3.11:\n    paths: [a]\n  python-3.12:\n    paths: [a]\n",
    ),
    "codecov.flag": (
        "codecov.yml",
        "coverage:\n  status:\n    project:\n      flags: python3.9\n",
        "coverage:\n  status:\n    project:\n      flags: python3.10\n",
    ),
}

STAYS = {
    "rtd.python": (".readthedocs.yaml", 'build:\n  tools:\n    python: "3"\n    nodejs: "3.9"\n'),
    "rtd.command": (".readthedocs.yaml", "build:\n  commands:\n    - pip install sphinx==3.9\n"),
    "ci.jobs": (AZURE, "strategy:\n  matrix:\n    linux:\n      image: ubuntu\n    pypy39:\n      v: pypy3.9\n"),
    "ci.gitlab-jobs": (GITLAB, "test:pypy3.9:\n  image: pypy:3.9\ntest:pypy3.8:\n  image: pypy:3.8\n"),
    "ci.matrix": (GITLAB, "test:\n  parallel:\n    matrix:\n      - SPARK: ['3.8', '3.9']\n"),
    "ci.workflow": (CIRCLE, "workflows:\n  all:\n    jobs:\n      - build\n      - deploy\n"),
    "ci.python-version": (AZURE, "steps:\n  - inputs:\n      versionSpec: '3.x'\n"),
    "ci.variable": (AZURE, "variables:\n  - name: cmake\n    value: '3.9'\n"),
    "ci.image": (GITLAB, "lint:\n  image: alpine:3.9\n"),
    "ci.tox": (TRAVIS, "env:\n  TOXENV: pypy39\n"),
    "ci.name": (AZURE, "steps:\n  - displayName: CMake 3.9\n"),
    "ci.command": (TRAVIS, "install: pip install django==3.9\n"),
    "ci.other": (TRAVIS, "services: kafka-3.9\n"),
    "ci.comment": (TRAVIS, "language: python\n# Python 3.8 was dropped\n"),
    "ci.jenkins": ("Jenkinsfile", "sh 'kafka/3.9/start'\n"),
    "codecov.flags": ("codecov.yml", "flags:\n  backend:\n    paths: [a]\n"),
    "codecov.flag": ("codecov.yml", "codecov:\n  notify:\n    after_n_builds: 39\n"),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (".gitlab/ci/tests.yml", "test:\n  variables:\n    PYTHON_VERSION: '3.9'\n", "'3.10'"),
        (".azure-pipelines/templates/tests.yml", "parameters:\n  pythonVersion: '3.9'\n", "'3.10'"),
        ("appveyor.yml", "environment:\n  matrix:\n    - PYTHON: C:\\Python39\n", "Python310"),
        (".cirrus.yml", "test_task:\n  container:\n    image: python:3.9\n", "python:3.10"),
        (".drone.yml", "steps:\n  - name: test\n    image: python:3.9\n", "python:3.10"),
        ("bitbucket-pipelines.yml", "image: python:3.9\n", "python:3.10"),
        ("buildspec.yml", "phases:\n  install:\n    runtime-versions:\n      python: 3.9\n", '"3.10"'),
        ("cloudbuild.yaml", "steps:\n  - name: python:3.9\n", "python:3.10"),
        (".woodpecker/test.yml", "steps:\n  test:\n    image: python:3.9\n", "python:3.10"),
        (CIRCLE, "executors:\n  py:\n    docker:\n      - image: cimg/python:3.9\n", "python:3.10"),
        (CIRCLE, "jobs:\n  test:\n    parameters:\n      python:\n        default: '3.9'\n", "'3.10'"),
    ],
)
def test_each_service_has_its_own_files(path, before, after):
    old = {"'3.10'": "'3.9'", '"3.10"': "3.9", "Python310": "Python39", "python:3.10": "python:3.9"}[after]
    check_rewrite(path, before, before.replace(old, after))


def test_jobs_that_are_allowed_to_fail_keep_their_place():
    text = """\
jobs:
  include:
    - python: {}
    - python: nightly
  allow_failures:
    - python: 3.15-dev
"""
    check_rewrite(TRAVIS, text.format("3.9"), text.format('"3.10"'))


def test_a_job_of_circleci_goes_with_what_names_it():
    jobs = "jobs:\n{}  test-3.10:\n    docker:\n      - image: cimg/python:3.10\n"
    job = "  test-3.9:\n    docker:\n      - image: cimg/python:3.9\n"
    flow = "workflows:\n  all:\n    jobs:\n{}      - test-3.10\n"
    check_rewrite(CIRCLE, jobs.format(job) + flow.format("      - test-3.9\n"), jobs.format("") + flow.format(""))
