"""A folder in, findings out, and files that are mended or left alone."""

import io

import pytest
from shop import FILES, STALE, TOOLS, as_bytes, contents

from bootstrap.agreement.check import check
from bootstrap.agreement.versions import versions
from bootstrap.console import Console
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Status
from bootstrap.options import Options


def test_check_of_what_agrees_ends_well_and_writes_nothing(shop, done):
    root = shop()
    report = done(check)
    assert (report.status, report.exit_code, report.findings, report.next_command) == (Status.AGREED, 0, (), "")
    assert contents(root) == as_bytes(FILES)
    assert not (root / ".devstrap").exists()


def test_check_ends_with_1_and_says_how_to_mend_it(shop, done):
    shop(STALE)
    report = done(check)
    assert (report.status, report.exit_code) == (Status.FINDINGS, 1)
    assert report.next_command == "devstrap check --fix"
    (place,) = [place for place in report.declared if place.expected is not None]
    assert (place.path, place.value, place.expected) == ("ruff.toml", "py39", "py311")


def test_commands_begin_as_the_person_began(shop, tmp_path):
    root = shop(STALE)
    report = check(Options("check", root, started="python bootstrap.py"), TOOLS, Console(io.StringIO()))
    assert report.findings[0].fix == "python bootstrap.py check --fix"
    assert report.next_command == "python bootstrap.py check --fix"


def test_a_warning_alone_ends_well(shop, done):
    shop({**FILES, "docs/install.md": "Needs Python 3.9 or newer.\n"})
    report = done(check)
    assert [finding.severity.value for finding in report.findings] == ["warning"]
    assert (report.status, report.exit_code) == (Status.AGREED, 0)


def test_fix_mends_what_is_wrong_and_nothing_else(shop, done):
    root = shop(STALE)
    report = done(check, is_fix=True)
    assert (report.status, report.exit_code, report.findings) == (Status.AGREED, 0, ())
    assert [step.path for step in report.plan.steps] == ["ruff.toml"]
    assert contents(root) == as_bytes({**STALE, "ruff.toml": 'target-version = "py311"\n'})


def test_fix_with_a_dry_run_shows_the_diff_and_writes_nothing(shop, done):
    root = shop(STALE)
    report = done(check, is_fix=True, is_dry_run=True)
    assert (report.status, report.exit_code) == (Status.PLANNED, 1)
    assert '+target-version = "py311"' in done.said.getvalue()
    assert contents(root) == as_bytes(STALE)


def test_what_is_skipped_is_neither_found_nor_mended(shop, done):
    root = shop(STALE)
    assert done(check, is_fix=True, skip=("targeted",)).findings == ()
    assert contents(root) == as_bytes(STALE)


def test_where_nothing_is_promised_nothing_is_mended(shop, done):
    files = {
        "a/Dockerfile": "FROM python:3.12\n",
        "b/Dockerfile": "FROM python:3.12\n",
        "c/Dockerfile": "FROM python:3.9\n",
    }
    root = shop(files)
    report = done(check, is_fix=True)
    assert (report.exit_code, len(report.findings), report.next_command) == (0, 1, "")
    assert report.policy.source == "what most places use; nothing is promised"
    assert contents(root) == as_bytes(files)


@pytest.mark.parametrize("files", [{"a.txt": ""}, {"README.md": "# Shop\n"}])
def test_a_repository_that_says_nothing_cannot_be_checked(shop, done, files):
    shop(files)
    with pytest.raises(UsageError, match="nothing in this repository says") as caught:
        done(check)
    assert "requires-python" in caught.value.remedy


@pytest.mark.parametrize("command", [check, versions])
@pytest.mark.parametrize("pattern", ["nosuch", "Dockerfile", "tool.nosuch", "src/*"])
def test_a_word_that_fits_nothing_is_refused(shop, done, command, pattern):
    shop()
    with pytest.raises(UsageError, match="fits no area, kind, file or site"):
        done(command, only=(pattern,))
    with pytest.raises(UsageError, match="--skip"):
        done(command, skip=(pattern,))


@pytest.mark.parametrize(
    "pattern", ["shipped", "docker.from", "docker.*", "README.md", "*.toml", "docs.text:README.md:1"]
)
def test_areas_kinds_files_and_sites_can_be_named_even_where_there_is_none_of_an_area(shop, done, pattern):
    shop()
    assert done(check, skip=(pattern,)).exit_code == 0


def test_a_broken_pyproject_is_reported_and_the_rest_is_looked_at(shop, done):
    shop({**FILES, "pyproject.toml": '[project\nrequires-python = ">=3.9"\n'})
    report = done(check)
    assert [(finding.code, finding.path) for finding in report.findings] == [("V501", "pyproject.toml")]
    assert report.policy.supported == ("3.11", "3.12")


def test_a_broken_pyproject_that_is_all_there_is_is_an_error_with_its_place(shop, done):
    shop({"pyproject.toml": '[project\nrequires-python = ">=3.9"\n'})
    with pytest.raises(MalformedFileError) as caught:
        done(check)
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", 1)


def test_a_template_without_any_python_is_nobody_s_concern(shop, done):
    shop({**FILES, "chart/templates/a.yaml": "{{- if .Values.a }}\na: {{ .b }}\n{{- end }}\n"})
    report = done(check)
    assert (report.findings, report.plan.skipped) == ((), ())


def test_a_file_that_nobody_reads_is_named(shop, done):
    shop({**FILES, "README.rst": "a" * (1024 * 1024 + 1), "ruff.toml": b"\xff\xfep\0y\0"})
    assert [skip.what for skip in done(check).plan.skipped] == ["README.rst", "ruff.toml"]


def test_a_link_to_what_is_read_anyway_is_not_spoken_of_and_one_that_leads_out_is(shop, done, tmp_path):
    root = shop()
    (tmp_path / "outside.md").write_text("Python 3.9 or newer\n")
    (root / "CONTRIBUTING.md").symlink_to("README.md")
    (root / "INSTALL.md").symlink_to(tmp_path / "outside.md")
    assert [skip.what for skip in done(check).plan.skipped] == ["INSTALL.md"]


LOCK = "# This file is autogenerated by pip-compile with Python 3.11\n#    pip-compile r.in -o requirements.txt\n"
IMAGES = {
    **FILES,
    "Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
    "requirements.txt": LOCK,
}


def test_a_lock_that_its_image_does_not_fit_is_a_warning(shop, done):
    shop(IMAGES)
    report = done(check)
    assert [(one.code, one.path, one.line) for one in report.findings] == [("V205", "requirements.txt", 1)]
    assert report.exit_code == 0


@pytest.mark.parametrize("choice", [{"skip": ("shipped",)}, {"skip": ("requirements.txt",)}, {"only": ("claimed",)}])
def test_whoever_leaves_images_out_hears_nothing_of_them(shop, done, choice):
    shop(IMAGES)
    assert done(check, **choice).findings == ()
