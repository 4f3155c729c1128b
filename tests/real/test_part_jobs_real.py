"""The workflow of parts that do not go together, step by step as a runner would do it, but for what is fetched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import bootstrap
from bootstrap.adopt.part_jobs import ACTION
from bootstrap.adopt.workflow import PATH

pytestmark = pytest.mark.real

SOURCE = Path(bootstrap.__file__).parent.parent
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
# Hands over to this devstrap, where the wrapper would fetch one.
WRAPPER = f"""\
import os, sys
here = os.path.dirname(os.path.abspath(__file__))
os.environ["PYTHONPATH"] = {str(SOURCE)!r}
os.execv({sys.executable!r}, [{sys.executable!r}, "-P", "-m", "bootstrap", "--root", here, *sys.argv[1:]])
"""
TEST = """\
import sys, unittest, alpha

class Test(unittest.TestCase):
    def test_it_has_its_own(self):
        self.assertEqual((alpha.VALUE, "%d.%d" % sys.version_info[:2]), ({}, "{}"))
"""


@pytest.fixture
def ferry(write, devstrap, tmp_path):
    """A repository of two parts that pin different releases, adopted."""
    files = {
        "gateway/requirements.txt": "alpha==1.0\n",
        "planner/requirements.txt": "alpha>=2\n",
        ".gitignore": ".venv\n",
    }
    for value, part in enumerate(("gateway", "planner"), start=1):
        files |= {f"{part}/tests/__init__.py": "", f"{part}/tests/test_it.py": TEST.format(value, MINOR)}
    root = write(files, tmp_path / "ferry")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    devstrap(root, "init", "--yes", "--minimum", MINOR, "--default", MINOR, "--supported", MINOR)
    (root / "bootstrap.py").write_text(WRAPPER)
    return root


def filled(text, values):
    """Return a text with its expressions replaced; one that is not known fails."""
    for name, value in values.items():
        text = text.replace(f"${{{{ {name} }}}}", value)
    assert "${{" not in text
    return text


def steps_of(job, root):
    """Yield the commands of a job with their folder and variables, those of the action in its place."""
    action = yaml.safe_load((root / ACTION).read_bytes())
    known = {"matrix.python-version": MINOR}
    for step in job["steps"]:
        if "run" in step:
            yield step["run"], step.get("working-directory", "."), step.get("env", {}), known
        elif step["uses"].startswith("./"):
            given = {name: filled(value, known) for name, value in step["with"].items()}
            inputs = {name: given.get(name, one.get("default", "")) for name, one in action["inputs"].items()}
            (own,) = [one for one in action["runs"]["steps"] if "run" in one]
            yield own["run"], ".", own["env"], {f"inputs.{name}": value for name, value in inputs.items()}


def test_every_step_of_every_part_does_what_it_is_for(ferry, uv, wheels, home, tmp_path):
    jobs = yaml.safe_load((ferry / PATH).read_bytes())["jobs"]
    assert list(jobs) == ["gateway", "planner", "quality", "green"]
    env = {**os.environ, "DEVSTRAP_UV": uv, "DEVSTRAP_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(home), "CI": "1"}
    env |= {"UV_CACHE_DIR": str(tmp_path / "uv-cache"), "UV_FIND_LINKS": str(wheels)}
    env |= {"UV_DEFAULT_INDEX": (wheels / "no-index").as_uri(), "NO_COLOR": "1"}
    env["PATH"] = f"{Path(os.path.realpath(sys.executable)).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    for name in ("gateway", "planner"):
        made = tuple(steps_of(jobs[name], ferry))
        assert len(made) == 2
        for command, folder, variables, known in made:
            given = {**env, **{key: filled(value, known) for key, value in variables.items()}}
            argv = ["bash", "-e", "-c", command]
            done = subprocess.run(argv, cwd=ferry / folder, env=given, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        assert "Ran 1 test" in done.stderr
    assert not (ferry / ".venv").exists()
