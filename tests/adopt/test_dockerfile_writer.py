"""The image for a repository that has none, byte by byte and as the linter of Dockerfiles sees it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from adopting import WISHES, remarks, tree, written
from imaged import CASES, COMMAND, LISTED, LOCKED, PAGE, PROJECT, SERVICE

from bootstrap import assets
from bootstrap.adopt.dockerfile import dockerfile
from bootstrap.adopt.draft import phase_of
from bootstrap.adopt.model import Phase
from bootstrap.images.findings import findings
from bootstrap.sites.locate import locate

WANTED = WISHES._replace(has_image=True)


def made(files, part=""):
    drafts, left = written(dockerfile, files, WANTED)
    assert left == []
    assert set(drafts) == {f"{part}Dockerfile", f"{part}.dockerignore"}
    return drafts[f"{part}Dockerfile"].decode()


def left(files):
    return remarks(lambda files, _wishes: dockerfile(files, WANTED), files)


def test_nothing_is_written_that_nobody_wished_for():
    assert list(dockerfile(tree(SERVICE), WISHES)) == []


def test_a_service_is_installed_in_one_stage_and_run_in_another():
    assert made(SERVICE) == (
        "# Two stages: the first one installs, the second one runs.\n"
        "FROM python:3.12-slim AS build\n"
        "ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1\n"
        "RUN python -m venv /opt/venv\n"
        "WORKDIR /src\n"
        "COPY requirements.txt ./\n"
        "RUN /opt/venv/bin/pip install -r requirements.txt\n"
        "\n"
        "FROM python:3.12-slim AS runtime\n"
        "ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1\n"
        "RUN useradd --create-home --uid 10001 app\n"
        "COPY --from=build /opt/venv /opt/venv\n"
        "WORKDIR /srv\n"
        "COPY . .\n"
        "USER 10001\n"
        "EXPOSE 8000\n"
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD "
        '["python", "-c", "import urllib.request as r; r.urlopen(\'http://127.0.0.1:8000/health\', timeout=4)"]\n'
        'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]\n'
    )


def lines(files, beginning, part=""):
    return [line for line in made(files, part).split("\n") if line.startswith(beginning)]


def test_lists_that_include_others_are_copied_with_them():
    assert "COPY requirements ./requirements" in lines(LISTED, "COPY")
    assert lines(LISTED, "RUN /opt") == ["RUN /opt/venv/bin/pip install -r requirements/prod.txt"]
    beside = {
        **SERVICE,
        "requirements.txt": "-r more.txt\n-c pins.txt\nfastapi\nuvicorn\n",
        "more.txt": "",
        "pins.txt": "",
    }
    assert "COPY more.txt pins.txt requirements.txt ./" in lines(beside, "COPY")
    apart = {**SERVICE, "requirements.txt": "-r requirements/a.txt\nfastapi\nuvicorn\n", "requirements/a.txt": ""}
    assert lines(apart, "COPY")[0] == "COPY . ."


def test_a_service_without_a_page_for_its_health_is_asked_for_a_connection():
    assert 'CMD ["uvicorn", "main:api", "--host", "0.0.0.0", "--port", "8000"]' in made(LISTED)
    (check,) = lines(LISTED, "HEALTHCHECK")
    assert check.endswith("\"import socket; socket.create_connection(('127.0.0.1', 8000), 4).close()\"]")


def test_a_page_of_streamlit_is_asked_for_its_own_health():
    (command,) = lines(PAGE, "CMD")
    assert command.startswith('CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0"')
    assert "http://127.0.0.1:8501/_stcore/health" in made(PAGE)
    assert lines(PAGE, "EXPOSE") == ["EXPOSE 8501"]


def test_a_package_runs_its_command_and_listens_to_nobody():
    text = made(COMMAND)
    assert 'CMD ["tally"]' in text
    assert "RUN /opt/venv/bin/pip install ." in text
    assert "EXPOSE" not in text
    assert "HEALTHCHECK" not in text


def test_a_project_with_a_lock_of_uv_is_installed_from_it_by_the_uv_of_bootstrap():
    pinned = re.search(r'UV_VERSION = "(.*)"', assets.read("bootstrap.py").decode())[1]
    assert f"COPY --from=ghcr.io/astral-sh/uv:{pinned} /uv /usr/local/bin/uv" in lines(LOCKED, "COPY")
    assert lines(LOCKED, "RUN uv") == [
        "RUN uv sync --locked --no-dev --no-install-project",
        "RUN uv sync --locked --no-dev --no-editable",
    ]
    assert '"shop:app"' in made(LOCKED)


def test_a_module_below_src_is_called_as_it_is_installed():
    files = {**LOCKED, "src/shop/api.py": LOCKED["shop/__init__.py"]}
    del files["shop/__init__.py"]
    assert '"shop.api:app"' in made(files)


def test_each_part_of_a_monorepo_gets_its_own():
    files = {f"back/{path}": text for path, text in SERVICE.items()}
    assert 'CMD ["uvicorn", "app.main:app"' in made(
        {**files, "README.md": "", "docs/requirements.txt": "fastapi\n"}, "back/"
    )


@pytest.mark.parametrize(
    ("files", "path", "reason"),
    [
        ({**SERVICE, "docker/Dockerfile": ""}, "docker/Dockerfile", "there is an image already, so none is written"),
        ({**SERVICE, "Dockerfile.prod": ""}, "Dockerfile.prod", "there is an image already"),
        ({**SERVICE, "requirements.txt": "fastapi\n"}, "Dockerfile", "declare uvicorn, or fastapi[standard]"),
        ({**SERVICE, "requirements.txt": "fastapi\nuvicorn\n-e .\n"}, "Dockerfile", "installs what lies elsewhere"),
        ({**SERVICE, "requirements.txt": "fastapi\nuvicorn\n../lib\n"}, "Dockerfile", "installs what lies elsewhere"),
        ({**SERVICE, "requirements.txt": "-r x.txt\nfastapi\nuvicorn\n"}, "Dockerfile", "includes x.txt, which is not"),
        ({**SERVICE, "requirements.txt": "-r ../x.txt\nfastapi\nuvicorn\n"}, "Dockerfile", "which is not there"),
        ({**SERVICE, "poetry.lock": ""}, "Dockerfile", "Poetry locks this part"),
        ({**COMMAND, "Pipfile.lock": ""}, "Dockerfile", "Pipenv locks this part"),
        ({**COMMAND, "pyproject.toml": PROJECT + "[tool.hatch-vcs]\n"}, "Dockerfile", "its version comes from git"),
        ({**COMMAND, "pyproject.toml": PROJECT + "[tool.uv.sources]\n"}, "Dockerfile", "built with other parts"),
        (
            {"pyproject.toml": PROJECT.replace("tally = ", 'one = "a:b"\ntwo = ')},
            "Dockerfile",
            "it installs several commands (one, two)",
        ),
        (
            {"pyproject.toml": '[project]\nname = ["a"]\n[project.scripts]\none = "a:b"\ntwo = "a:c"\n'},
            "Dockerfile",
            "it installs several commands (one, two)",
        ),
        ({"requirements.txt": "rich\n", "a.py": ""}, "Dockerfile", "no FastAPI or Streamlit application"),
        ({"pyproject.toml": "[project\n"}, "Dockerfile", "no FastAPI or Streamlit application"),
        ({"a.py": ""}, "Dockerfile", "no FastAPI or Streamlit application"),
    ],
)
def test_what_a_person_has_to_decide_is_left_with_the_reason(files, path, reason):
    (one,) = left(files).items()
    assert one[0] == path
    assert reason in one[1]


def test_an_image_of_developers_or_tests_is_none_of_the_product():
    made({**SERVICE, ".devcontainer/Dockerfile": "", "tests/Dockerfile": ""})


def test_a_dockerignore_that_is_there_stays():
    drafts, told = written(dockerfile, {**SERVICE, ".dockerignore": "node_modules\n"}, WANTED)
    assert set(drafts) == {"Dockerfile"}
    assert [one.path for one in told] == [".dockerignore"]


def test_no_secret_and_no_history_gets_into_an_image():
    drafts, _ = written(dockerfile, SERVICE, WANTED)
    assert {".git", ".env", ".env.*", ".venv"} <= set(drafts[".dockerignore"].decode().split("\n"))
    assert {phase_of(path) for path in drafts} == {Phase.CONTAINERS}


@pytest.mark.parametrize("case", CASES)
def test_hadolint_finds_nothing(case, tmp_path):
    (tmp_path / "Dockerfile").write_text(made(CASES[case]))
    program = str(Path(sys.executable).with_name("hadolint"))
    done = subprocess.run([program, "Dockerfile"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_agrees_with_the_policy_and_with_itself(case):
    files = {path: text.encode() for path, text in {**CASES[case], "Dockerfile": made(CASES[case])}.items()}
    assert list(findings(sorted(files), files.get, WANTED.policy)) == []
    named = {token.minor for site in locate("Dockerfile", files["Dockerfile"]) for token in site.group.tokens}
    assert named == {(3, 12)}
