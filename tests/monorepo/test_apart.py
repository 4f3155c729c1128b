"""A repository whose parts do not go together, and that nothing tests: `apart/repository` becomes `apart/adopted`.

As in `test_init`, bootstrap.py is left out, and stands as BOOTSTRAP in the record, the version of devstrap as VERSION.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml
from adopting import fault
from test_monorepo import HERE, SOURCE, TARGET, contents, git

from bootstrap import __version__
from bootstrap.adopt.part_jobs import ACTION
from bootstrap.adopt.record import PATH, blob, plain
from bootstrap.adopt.workflow import PATH as WORKFLOW
from bootstrap.adopt.wrapper import for_repositories

WRAPPER = for_repositories((SOURCE / "bootstrap.py").read_bytes())
BEFORE = contents(HERE / "apart" / "repository")
TOLD = contents(HERE / "apart" / "adopted")
ADOPTED = {
    **TOLD,
    "bootstrap.py": WRAPPER,
    PATH: TOLD[PATH].replace(b"BOOTSTRAP", blob(plain(WRAPPER)).encode()).replace(b"VERSION", __version__.encode()),
}
LATER = ("--minimum", "3.12", "--default", "3.13", "--supported", "3.12,3.13,3.14")


@pytest.fixture
def ferry(tmp_path):
    root = tmp_path / "ferry"
    shutil.copytree(HERE / "apart" / "repository", root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "--all")
    git(root, "commit", "-qm", "as it was")
    return root


def devstrap(root, *arguments):
    done = subprocess.run(
        (sys.executable, "-m", "bootstrap", *arguments, "--root", str(root)),
        cwd=root.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def adopted(ferry):
    devstrap(ferry, "init", *TARGET, "--yes")
    git(ferry, "add", "--all")
    git(ferry, "commit", "-qm", "adopted")
    return ferry


def matrices(root):
    jobs = yaml.safe_load((root / WORKFLOW).read_bytes())["jobs"]
    return {name: job["strategy"]["matrix"]["python-version"] for name, job in jobs.items() if "strategy" in job}


def test_all_that_is_adopted_is_as_it_was_reviewed(adopted):
    assert contents(adopted) == {**BEFORE, **ADOPTED}


def test_the_metadata_are_valid_in_every_part():
    files = {name: data for name, data in {**BEFORE, **ADOPTED}.items() if name.endswith("pyproject.toml")}
    assert {name: fault(data) for name, data in files.items()} == dict.fromkeys(files, "")
    assert len(files) == 3


@pytest.mark.parametrize(
    "argv",
    [
        ("actionlint",),
        ("zizmor", "--offline", "--no-progress", "--persona=pedantic", "."),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW),
        ("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION),
    ],
    ids=lambda argv: " ".join(argv[::3]),
)
def test_linters_find_nothing_in_the_workflow_and_in_the_action(adopted, argv):
    program = os.path.join(os.path.dirname(sys.executable), argv[0])
    done = subprocess.run((program, *argv[1:]), cwd=adopted, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_adoption_finds_nothing_to_do_and_all_agrees(adopted):
    assert "Nothing to do" in devstrap(adopted, "init", "--yes")
    assert git(adopted, "status", "--porcelain") == ""
    assert json.loads(devstrap(adopted, "check", "--json"))["findings"] == []


def test_undo_restores_every_byte(ferry):
    devstrap(ferry, "init", *TARGET, "--yes")
    devstrap(ferry, "undo", "--yes", "--phase", "environment")
    assert not (ferry / ".github").exists()
    devstrap(ferry, "undo", "--yes")
    assert contents(ferry) == BEFORE


def test_another_policy_moves_every_part_and_leaves_nothing_for_a_second_run(adopted):
    assert matrices(adopted) == {"gateway": ["3.11", "3.12", "3.13"], "planner": ["3.12", "3.13"]}
    devstrap(adopted, "modernize", *LATER, "--yes")
    assert matrices(adopted) == {"gateway": ["3.12", "3.13", "3.14"], "planner": ["3.12", "3.13", "3.14"]}
    assert "Nothing to do" in devstrap(adopted, "modernize", "--yes")
    assert json.loads(devstrap(adopted, "check", "--json"))["findings"] == []
    workflow = (adopted / WORKFLOW).read_bytes()
    devstrap(adopted, "init", "--yes", "--allow-dirty")  # what it would write by now is what it finds there
    assert (adopted / WORKFLOW).read_bytes() == workflow


def test_an_update_keeps_what_somebody_added_to_the_job_of_a_part(adopted):
    mine = b"    timeout-minutes: 30\n    services:\n      database:\n        image: postgres:17\n"
    before = (adopted / WORKFLOW).read_bytes()
    (adopted / WORKFLOW).write_bytes(before.replace(b"    timeout-minutes: 30\n", mine, 1))
    action = (adopted / ACTION).read_bytes()
    (adopted / ACTION).write_bytes(action.replace(b"      shell: bash\n", b"      shell: bash # mine\n"))
    git(adopted, "commit", "-qam", "a database")
    third = adopted / "planner" / "pyproject.toml"
    third.write_text(third.read_text().replace('"mypy"]', '"mypy", "ruff"]') + "\n[tool.ruff]\nline-length = 100\n")
    git(adopted, "commit", "-qam", "ruff for the planner")
    devstrap(adopted, "init", "--yes")
    merged = (adopted / WORKFLOW).read_bytes()
    assert mine in merged
    assert b"      - name: ruff in planner\n" in merged
    assert b"shell: bash # mine" in (adopted / ACTION).read_bytes()
    git(adopted, "add", "--all")
    git(adopted, "commit", "-qm", "updated")
    assert "Nothing to do" in devstrap(adopted, "init", "--yes")


def test_parts_that_go_their_ways_later_get_their_jobs_in_an_update(ferry):
    manifest = ferry / "planner" / "pyproject.toml"
    later = manifest.read_text()
    manifest.write_text(later.replace('"click>=8.1"', '"click>=7"').replace(">=3.12", ">=3.11"))
    git(ferry, "commit", "-qam", "all on one click")
    devstrap(ferry, "init", *TARGET, "--yes")
    assert matrices(ferry) == {"tests": ["3.11", "3.12", "3.13"]}
    assert not (ferry / ACTION).exists()
    git(ferry, "add", "--all")
    git(ferry, "commit", "-qm", "adopted")
    manifest.write_text(later)
    git(ferry, "commit", "-qam", "another click")
    devstrap(ferry, "init", "--yes")
    assert {name: (ferry / name).read_bytes() for name in (WORKFLOW, ACTION)} == {
        name: TOLD[name] for name in (WORKFLOW, ACTION)
    }
    devstrap(ferry, "undo", "--yes")
    assert matrices(ferry) == {"tests": ["3.11", "3.12", "3.13"]}
    assert not (ferry / ACTION).exists()
