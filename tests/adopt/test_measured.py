"""Coverage of everything at the root, and bootstrap.py, which the repository has no tests for."""

import subprocess
import sys

import pytest
from adopting import adopted, check, remarks, written

from bootstrap import assets
from bootstrap.adopt.measured import measured
from bootstrap.adopt.wrapper import for_repositories

OURS = {"bootstrap.py": "", "shop.py": ""}
RUN = '[tool.coverage.run]\nsource = ["."]\n'
OMITTED = 'omit = ["bootstrap.py"]\n'


def test_it_is_left_out_where_all_is_measured():
    check(measured, "pyproject.toml", RUN, RUN.replace("]\n", f"]\n{OMITTED}", 1), OURS)


@pytest.mark.parametrize("option", ["--cov", "--cov=.", "--cov .", "--cov=./"])
def test_so_it_is_where_only_the_arguments_of_pytest_say_so(option):
    before = f'[tool.pytest.ini_options]\naddopts = "-ra {option}"\n'
    check(measured, "pyproject.toml", before, f"{before}\n[tool.coverage.run]\n{OMITTED}", OURS)


@pytest.mark.parametrize(
    "text",
    [
        '[tool.coverage.run]\nsource = ["shop"]\n',
        "[tool.coverage.run]\nbranch = true\n",
        RUN + 'omit = ["tests/*", "./bootstrap.py"]\n',
        RUN + 'include = ["shop/*"]\n',
        RUN + '[tool.coverage.report]\ninclude = ["shop/*"]\n',
        RUN + '[tool.coverage.report]\nomit = ["*/bootstrap.py"]\n',
        '[tool.pytest.ini_options]\naddopts = "--cov=shop --cov-report=xml"\n',
        '[tool.coverage.run]\nsource = ["shop"]\n[tool.pytest.ini_options]\naddopts = "--cov"\n',
        "[tool.coverage\n",
    ],
)
def test_where_it_is_not_measured_nothing_changes(text):
    assert adopted(measured, "pyproject.toml", text, OURS) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".coveragerc", "[run]\nsource = .\n"),
        ("setup.cfg", "[coverage:run]\nsource =\n    .\n    other\n"),
        ("tox.ini", "[coverage:run]\nsource = .\nomit = tests/*\n"),
        ("pyproject.toml", RUN + 'omit = ["tests/*"]\n'),
        ("pyproject.toml", 'tool.coverage.run.source = ["."]\n'),
    ],
)
def test_a_list_of_the_authors_own_is_left_to_them(path, text):
    assert "coverage counts bootstrap.py" in remarks(measured, {**OURS, path: text})[path]


def test_what_is_not_reported_does_not_count():
    settings = "[run]\nbranch = true\n[report]\ninclude = shop/*\n"
    files = {**OURS, ".coveragerc": settings, "tox.ini": "[testenv]\ncommands = pytest --cov\n"}
    assert written(measured, files) == ({}, [])
    assert "counts" in remarks(measured, {**files, ".coveragerc": "[run]\nbranch = true\n"})[".coveragerc"]


def test_a_file_that_is_no_configuration_is_passed_over():
    assert written(measured, {**OURS, "tox.ini": "no section\n", "pyproject.toml": ""}) == ({}, [])


def test_coverage_itself_counts_the_rest_alone(tmp_path):
    settings = adopted(measured, "pyproject.toml", RUN + "[tool.coverage.report]\nfail_under = 100\n", OURS)
    (tmp_path / "pyproject.toml").write_text(settings)
    (tmp_path / "bootstrap.py").write_bytes(for_repositories(assets.read("bootstrap.py")))
    (tmp_path / "shop.py").write_text("x = 1\n")

    def coverage(*argv):
        return subprocess.run([sys.executable, "-m", "coverage", *argv], cwd=tmp_path, check=False).returncode

    assert coverage("run", "shop.py") == 0
    assert coverage("report") == 0
    (tmp_path / "pyproject.toml").write_text(settings.replace(OMITTED, ""))
    assert coverage("run", "shop.py") == 0
    assert coverage("report") == 2
