"""The workflow of parts that need an environment each: which repositories get it, and what its jobs do."""

import subprocess

import pytest
import yaml
from adopting import WISHES, adopted, remarks, tree, written

from bootstrap.adopt.documents import documents
from bootstrap.adopt.draft import draft
from bootstrap.adopt.model import Draft
from bootstrap.adopt.part_jobs import ACTION, action
from bootstrap.adopt.split import split
from bootstrap.adopt.workflow import PATH, workflow
from bootstrap.model import Skip

TESTS = {"api/tests/test_a.py": "", "web/tests/test_b.py": ""}
LOCKED = {
    **{f"{part}/pyproject.toml": f'[project]\nname = "{part}"\nversion = "1"\n' for part in ("api", "web")},
    **{f"{part}/uv.lock": "version = 1\n" for part in ("api", "web")},
    **TESTS,
}
PINNED = {
    "api/requirements.txt": "click==7.1.2  # callbacks\npytest\n",
    "web/requirements.txt": "Click>=8\npytest\n",
    **TESTS,
}


def part(requires="", dependencies="[]", more=""):
    named = f'requires-python = "{requires}"\n' if requires else ""
    group = '\n[dependency-groups]\ndev = ["pytest"]\n'
    return f'[project]\nname = "a"\nversion = "1"\n{named}dependencies = {dependencies}\n{group}{more}'


def parts(api, web, **more):
    return {"api/pyproject.toml": api, "web/pyproject.toml": web, **TESTS, **more}


def jobs(files):
    return yaml.safe_load(written(workflow, files)[0][PATH])["jobs"]


def supported(files):
    return {
        one.path: [f"{major}.{minor}" for major, minor in one.supported] for one in split(tree(files), WISHES.policy)
    }


ALL = ["3.11", "3.12", "3.13"]


@pytest.mark.parametrize(
    "files",
    [
        LOCKED,
        PINNED,
        parts(part(dependencies='["click==7.1.2"]'), part(dependencies='["click[extra] >= 8"]')),
        parts(part(dependencies='["click==7.1.2"]'), part(dependencies='["click==7.1.1"]')),
        {
            "api/requirements.txt": "click==7.1.2 \\\n    --hash=sha256:ab\npytest\n",
            "web/setup.py": "",
            **PINNED,
            **TESTS,
        },
    ],
    ids=["locks", "requirements", "bounds", "pins", "hashes"],
)
def test_parts_that_do_not_go_together_get_a_job_each(files):
    assert supported(files) == {"api": ALL, "web": ALL}


@pytest.mark.parametrize(
    "web",
    [
        part(dependencies='["click>=7"]'),
        part(dependencies='["click>=8 ; sys_platform == \'win32\'", "click @ https://example.org/click.whl"]'),
        part(dependencies='["rich==1.0"]'),
        part(">=3.9"),
    ],
)
def test_parts_that_may_go_together_are_tested_in_one_environment(web):
    files = parts(part(">=3.11", '["click==7.1.2"]'), web)
    assert supported(files) == {}
    assert set(jobs(files)) == {"tests", "quality"}


def test_a_part_is_tested_on_what_it_admits_of_what_is_supported():
    assert supported(parts(part(">=3.11"), part(">=3.12"))) == {"api": ALL, "web": ["3.12", "3.13"]}
    assert supported(parts(part("<3.13"), part(">=3.8"))) == {"api": ["3.11", "3.12"], "web": ALL}
    assert supported(parts(part(">=3.14"), part())) == {"api": ["3.14"], "web": ALL}
    assert supported(parts(part("<3"), part(">=3.11"))) == {"api": ALL, "web": ALL}
    assert supported({**LOCKED, "api/setup.py": "setup(python_requires='>=3.13')\n"})["api"] == ["3.13"]


def test_what_a_part_says_of_python_and_nobody_understands_is_left_to_setting_up():
    assert supported({**LOCKED, "api/pyproject.toml": '[project]\nname = "a"\nrequires-python = "new"\n'})["api"] == ALL


def test_a_root_that_declares_something_has_no_parts():
    assert supported({**LOCKED, "pyproject.toml": part(dependencies='["rich"]')}) == {}
    assert supported({**LOCKED, "pyproject.toml": part()}) == {"api": ALL, "web": ALL}  # tools alone


def test_each_part_is_set_up_and_tested_as_somebody_does_who_stands_in_it():
    found = jobs({**LOCKED, "api/pyproject.toml": part(">=3.12")})
    assert list(found) == ["api", "web", "quality", "green"]
    assert found["api"]["strategy"]["matrix"] == {"python-version": ["3.12", "3.13"]}
    _, set_up, tests = found["api"]["steps"]
    assert set_up["with"] == {"part": "api", "python-version": "${{ matrix.python-version }}"}
    assert tests["working-directory"] == "api"
    assert tests["run"] == 'python3 ../bootstrap.py --part api --python "$PYTHON" run pytest'


def test_jobs_are_called_after_their_parts_as_far_as_that_can_be():
    names = ("libs/core", "libs-core", "quality", "3.10", "no", "a b")
    files = {
        f"{name}/{file}": text for name in names for file, text in {"uv.lock": "", "pyproject.toml": part()}.items()
    }
    files |= {f"{name}/tests/test_a.py": "" for name in names}
    drafts, left = written(workflow, files)
    found = yaml.safe_load(drafts[PATH])["jobs"]
    assert list(found) == ["part-3-10", "libs-core", "libs-core-2", "part-no", "quality-2", "quality", "green"]
    assert found["green"]["needs"] == list(found)[:-1]
    given = {name: job["steps"][1]["with"]["part"] for name, job in found.items() if "strategy" in job}
    assert list(given.values()) == ["3.10", "libs-core", "libs/core", "no", "quality"]
    assert found["libs-core-2"]["steps"][2]["run"].startswith("python3 ../../bootstrap.py --part libs/core ")
    assert [one.reason for one in left] == ["a name such as 'a b' is for no shell: add a job for that part by hand"]


def test_a_part_without_tests_that_could_be_run_is_set_up_all_the_same():
    untested = {path: text for path, text in LOCKED.items() if path != "web/tests/test_b.py"}
    assert [len(jobs(untested)[name]["steps"]) for name in ("api", "web")] == [3, 2]


def test_a_part_whose_tests_cannot_be_run_yet_is_told_with_what_helps():
    lacking = {path: text for path, text in PINNED.items() if path != "web/tests/test_b.py"}
    lacking |= {"web/requirements.txt": "click>=8\n", "web/checks/test_b.py": "", "web/pytest.ini": "[pytest]\n"}
    drafts, left = written(workflow, lacking)
    assert len(yaml.safe_load(drafts[PATH])["jobs"]["web"]["steps"]) == 2
    (told,) = left
    assert told.reason.startswith(
        "web is set up there, and not tested: nothing that bootstrap.py installs brings pytest"
    )


def test_a_workflow_that_would_test_nothing_is_not_written():
    untested = {path: text for path, text in LOCKED.items() if path not in TESTS}
    assert "no part has tests" in remarks(workflow, untested)[PATH]


def test_linters_run_in_the_parts_that_have_them_and_ruff_by_the_settings_above_too():
    linted = part(more='\n[tool.mypy]\nfiles = ["a"]\n').replace('"pytest"', '"pytest", "mypy", "ruff"')
    files = {**parts(linted, part("", '["click==1"]')), "api/uv.lock": "", "ruff.toml": "line-length = 100\n"}
    quality = jobs(files)["quality"]["steps"]
    assert [step["run"] for step in quality if "run" in step] == [
        "python3 bootstrap.py check --format github",
        "python3 ../bootstrap.py --part api run ruff check .",
        "python3 ../bootstrap.py --part api run mypy",
    ]
    assert {step["if"] for step in quality[2:]} == {"success() || failure()"}
    assert [step["with"] for step in quality if "set-up-part" in step.get("uses", "")] == [{"part": "api"}]


@pytest.mark.parametrize(
    ("results", "code"),
    [("success success", 0), ("success skipped", 1), ("cancelled success", 1), ("success failure", 1)],
)
def test_the_job_to_require_fails_where_any_other_did_not_succeed(results, code):
    gate = jobs(LOCKED)["green"]
    assert gate["if"] == "always()"
    (step,) = gate["steps"]
    done = subprocess.run(["bash", "-e", "-c", step["run"]], env={"RESULTS": results}, capture_output=True, check=False)
    assert done.returncode == code


# ---- the action -----------------------------------------------------------------------------------------------------


def drafted(files):
    kept = tree(files)
    return draft(kept, {}, WISHES)


def test_the_action_comes_with_the_workflow_that_calls_it_and_not_alone():
    found = drafted(LOCKED)
    paths = [piece.change.path for piece in found.pieces]
    assert ACTION in paths
    assert PATH in paths
    assert {piece.change.path for piece in found.of({PATH}).pieces} >= {PATH, ACTION}
    assert [one.path for one in found.memories if "actions" in one.path] == [ACTION]
    assert list(action(tree(LOCKED), WISHES)) == []
    called = {**LOCKED, PATH: "jobs:\n  a:\n    steps:\n    - uses: ./.github/actions/set-up-part\n"}
    assert [type(one) for one in action(tree(called), WISHES)] == [Draft]
    assert list(action(tree(called), WISHES._replace(has_ci=False))) == []


def test_an_action_of_somebody_else_is_left_alone():
    found = drafted({**LOCKED, ACTION: "name: mine\n"})
    assert not {PATH, ACTION} & {piece.change.path for piece in found.pieces}
    reason = f"it was not written, since {ACTION} is somebody's already: call that another name"
    assert Skip(PATH, reason) in found.remarks


def test_the_documents_say_how_the_tests_of_a_part_are_run():
    text = adopted(documents, "CONTRIBUTING.md", "# Contributing\n", PINNED)
    assert "one for each part where they do not go together; the others run the tests of `api`" in " ".join(
        text.split()
    )
    assert "python bootstrap.py\ncd api\npython ../bootstrap.py run pytest\n" in text
    assert remarks_of(PINNED) == []
    spaced = {path.replace("api/", "the api/"): text for path, text in PINNED.items()}
    assert "\ncd 'the api'\n" in adopted(documents, "CONTRIBUTING.md", "# Contributing\n", spaced)


def remarks_of(files):
    return [one for one in written(documents, files)[1] if one.path == "CONTRIBUTING.md"]


def test_the_documents_speak_of_no_tests_where_no_part_has_some():
    untested = {path: text for path, text in LOCKED.items() if path not in TESTS}
    text = adopted(documents, "CONTRIBUTING.md", "# Contributing\n", untested)
    assert "Clone the repository, and run one command in it. It finds" in text
    assert text.endswith("```sh\npython bootstrap.py\n```\n")
    assert remarks_of(untested) == []
    told = adopted(documents, "AGENTS.md", "# Agents\n\n## Setup\n\nRead on.\n", {**untested, "CONTRIBUTING.md": ""})
    assert "In a clone of the repository, this command finds" in told


def test_so_many_parts_that_nobody_would_read_their_jobs_get_none():
    files = {
        f"lib{n}/{name}": text for n in range(21) for name, text in {"uv.lock": "", "pyproject.toml": part()}.items()
    }
    files |= {f"lib{n}/tests/test_a.py": "" for n in range(21)}
    reason = "21 parts are too many for a job each: test those that a change touches"
    assert remarks(workflow, files) == {PATH: reason}


@pytest.mark.parametrize(
    ("recipes", "command"),
    [
        ('TEST ?= "tests/unit"\ntest:\n\tpytest $(TEST)\nslow:\n\tpytest tests/integration\n', "pytest tests/unit"),
        ("slow:\n\tpytest tests/integration\n", "pytest tests/integration"),
        ("test:\n\tuv run pytest -q --cov=src\nslow:\n\tpytest tests/integration\n", "pytest"),
        ("make:\n\tpip install pytest\nslow:\n\tpytest tests/integration\n", "pytest tests/integration"),
        ("test:\n\tpytest $(TEST)\n", "pytest"),
        ("TEST = tests/unit\nTEST = tests\ntest:\n\tpytest ${TEST}\n", "pytest"),
        ("a:\n\tpytest tests/unit\nb:\n\tpytest tests\n", "pytest"),
    ],
)
def test_what_is_quick_is_tested_where_a_makefile_knows_more(recipes, command):
    folders = {"api/tests/unit/test_a.py": "", "api/tests/integration/test_a.py": ""}
    found = jobs({**PINNED, **folders, "api/Makefile": recipes})["api"]["steps"][-1]["run"]
    assert found == f'python3 ../bootstrap.py --part api --python "$PYTHON" run {command}'
