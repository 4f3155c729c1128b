import re
import shutil
import subprocess
from pathlib import Path

import pytest
from adopting import WISHES, adopted, check, remarks, tree, written
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.adopt.commands import undeclared
from bootstrap.adopt.makefile import makefile
from bootstrap.adopt.rules import parsed

# What the wrapper installs at the root of the monorepo once somebody has named it.
DECLARED = {"pyproject.toml": '[tool.devstrap]\nrequirements = ["backend/requirements.lock"]\n'}
LOCKED = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "uv.lock": "version = 1\n"}
MONOREPO = Path(__file__).parent.parent / "monorepo" / "repository"
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def says(folder, text, target):
    """Return what GNU make would do."""
    (folder / "Makefile").write_bytes(text.encode())
    argv = ("make", "--no-print-directory", "-n", *([target] if target else []))
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    # a warning or an error has the line's number, which may be another one
    return done.returncode, done.stdout, re.sub(r"Makefile:\d+", "Makefile", done.stderr)


def check_make(folder, before, after, changed=("install", "guard")):
    """Assert that make does for all targets but the changed ones what it did, also for the default one."""
    targets = {target for rule in parsed(before.split("\n")).rules for target in rule.targets if target.isalpha()}
    for target in sorted((targets | {""}) - set(changed)):
        assert says(folder, after, target) == says(folder, before, target), target


def test_a_repository_without_a_makefile_gets_none():
    assert list(makefile(tree({"README.md": "make\n"}), WISHES)) == []


def test_nothing_is_done_for_who_wants_no_guard():
    files = {"Makefile": "test:\n\tpytest\n", "setup.sh": "python3 -m venv .venv\n"}
    assert list(makefile(tree(files), WISHES._replace(has_guards=False))) == []


@needs_make
def test_the_monorepo_installs_by_the_wrapper(tmp_path):
    before = (MONOREPO / "Makefile").read_text()
    after = before.replace(
        '\t@test -n "$(PYTHON)" || { echo "Python 3.8 or newer was not found" >&2; exit 1; }\n'
        "\t./scripts/setup.sh $(PYTHON)\n",
        "\t$(PYTHON) bootstrap.py --yes\n",
    ).replace("test lint images\n", "test lint images guard\n", 1)
    after += "\nguard:\n\t@$(PYTHON) bootstrap.py guard --quiet\n"
    check(makefile, "Makefile", before, after, DECLARED)
    check_make(tmp_path, before, after)
    assert re.fullmatch(r"\S+python3? bootstrap\.py --yes\n", says(tmp_path, after, "install")[1])


def test_the_script_that_did_it_is_told():
    files = {path.relative_to(MONOREPO).as_posix(): path.read_bytes() for path in MONOREPO.rglob("*") if path.is_file()}
    drafts, left = written(makefile, {**files, **DECLARED})
    assert set(drafts) == {"Makefile"}
    assert [one.path for one in left] == ["Makefile", "scripts/setup.sh"]
    assert left[0].reason == (
        "`make install` goes on to install pytest, flake8, mypy beside what is declared, for test, lint: declare them"
        " for development, and take that line out"
    )


def test_the_parts_of_a_repository_are_installed_by_the_wrapper_and_what_nothing_declares_is_told():
    files = {path.relative_to(MONOREPO).as_posix(): path.read_bytes() for path in MONOREPO.rglob("*") if path.is_file()}
    drafts, left = written(makefile, files)
    after = drafts["Makefile"].decode()
    # pytest is added where a set-up finds tests and not pytest
    install = "\t$(PYTHON) bootstrap.py --yes\n\t$(PYTHON) bootstrap.py run uv pip install flake8 mypy\n"
    assert f"\ninstall:\n{install}\ntest:\n" in after
    assert left[0].reason.startswith(
        "`make install` goes on to install flake8, mypy beside what is declared, for lint:"
    )


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"docs/requirements.txt": "sphinx\n"}, "nothing is declared at the root"),
        (
            {f"{part}/{name}": text for part in "ab" for name, text in LOCKED.items()},
            "each part has an environment of its own (a, b): run its commands by python bootstrap.py --part a run",
        ),
        ({f"an a/{name}": text for name, text in LOCKED.items()}, "by python bootstrap.py --part 'an a' run"),
    ],
)
def test_an_installation_is_kept_where_the_wrapper_would_make_no_environment_at_the_root(others, reason):
    before = "PYTHON = python3\n\ninstall:\n\tpip install -e a\n"
    drafts, left = written(makefile, {**others, "Makefile": before})
    assert drafts["Makefile"].decode() == before + "\n.PHONY: guard\nguard:\n\t@$(PYTHON) bootstrap.py guard --quiet\n"
    assert reason in left[0].reason


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        ('[project]\nname = "shop"\n', True),
        # pip and uv install groups with a project only
        ('[dependency-groups]\ndev = ["pytest"]\n', False),
        ('[project]\nname = 1\n[tool]\ndevstrap = "not a table"\n', False),
        ('[tool.devstrap]\ndefault = "3.12"\nrequirements = ["a/b.txt"]\n', True),
        ('[tool.devstrap]\nrequirements = [\n  "a/b.txt",\n]\n', True),
        ("[tool.devstrap]\nrequirements = []\n", False),
        ('[tool.devstrap]\ndefault = "3.12"\n[tool.x]\nrequirements = ["a"]\n', False),
        ("[tool.ruff]\n", False),
    ],
)
def test_what_is_declared_at_the_root_is_installed(text, is_enough):
    reason = undeclared(tree({"pyproject.toml": text, "docs/requirements.txt": "x\n"}))
    assert (reason == "") == is_enough


@needs_make
def test_a_makefile_without_installation_gets_one(tmp_path):
    before = """\
# the shop
CFLAGS := -O

.PHONY: test
test: shop.o  ## run the tests
\tpytest

shop.o:
\tcc $(CFLAGS)
"""
    after = """\
# the shop
CFLAGS := -O
PYTHON ?= python3

.PHONY: test
test: shop.o  ## run the tests
\tpytest

shop.o:
\tcc $(CFLAGS)

.PHONY: install
install:  ## Set everything up with bootstrap.py
\t$(PYTHON) bootstrap.py --yes

.PHONY: guard
guard:  ## Refuse a Python that the repository does not declare
\t@$(PYTHON) bootstrap.py guard --quiet
"""
    check(makefile, "Makefile", before, after)
    check_make(tmp_path, before, after)
    assert says(tmp_path, after, "install") == (0, "python3 bootstrap.py --yes\n", "")
    assert says(tmp_path, after, "guard") == (0, "python3 bootstrap.py guard --quiet\n", "")


@needs_make
def test_the_recipe_keeps_its_name_its_comment_and_what_it_needs(tmp_path):
    before = """\
.DEFAULT_GOAL := test
VENV = .venv
PIP = $(VENV)/bin/pip

.PHONY: install
install: submodules  ## everything
\t# once
\t@test -d $(VENV) || python3 -m venv $(VENV)
\t$(PIP) install --upgrade pip && \\
\t  $(PIP) install -r requirements.txt
\tnpm ci
\t.venv/bin/pre-commit install

submodules:
\tgit submodule update

test: install
\t$(VENV)/bin/pytest
"""
    after = adopted(makefile, "Makefile", before, DECLARED)
    assert (
        after.split("\n\n")[1]
        == """\
.PHONY: install
install: submodules  ## everything
\t# once
\t$(PYTHON) bootstrap.py --yes
\tnpm ci
\t.venv/bin/pre-commit install"""
    )
    check_make(tmp_path, before, after, changed=("install", "test", ""))
    assert says(tmp_path, after, "test")[1].splitlines() == [
        "git submodule update",
        "# once",
        "python3 bootstrap.py --yes",
        "npm ci",
        ".venv/bin/pre-commit install",
        ".venv/bin/pytest",
    ]


@pytest.mark.parametrize(
    "recipe",
    [
        "pip install -e .",
        "@python3 -m venv .venv",
        "-$(PYTHON) -m pip install -r requirements.txt",
        "uv sync --all-groups",
        "uv venv && uv pip install -e .",
        "poetry install",
        "python -m venv .venv; . .venv/bin/activate; pip install -e .",
        "bash scripts/setup.sh",
        "./script/bootstrap",
        "for part in a b; do .venv/bin/pip install -e $$part; done",
    ],
)
def test_whatever_builds_an_environment_is_replaced(recipe):
    after = adopted(makefile, "Makefile", f"install:\n\t{recipe}\n", DECLARED)
    assert "install:\n\t" in after
    assert recipe not in after
    assert after.count("bootstrap.py --yes") == 1


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        ("cp shop /usr/bin", "makes no environment"),
        ("sudo pip install .", "sudo pip install ."),
        ("uv pip install --system -e .", "--system"),
        ("docker compose run web pip install -e .", "makes no environment"),
        ("python setup.py install", "python setup.py install"),
        ("python3 -m venv env", "makes env, and not .venv"),
        ("pip install -e . && ./manage.py migrate", "./manage.py migrate"),
        ("if true; then pip install -e .; fi", "if true"),
        ("pip install pre-commit\n\tpre-commit install", "pre-commit install"),
    ],
)
def test_a_recipe_that_does_something_else_is_left_and_told(recipe, reason):
    before = f"PYTHON = python3\n\ninstall:\n\t{recipe}\n"
    drafts, left = written(makefile, {**DECLARED, "Makefile": before})
    assert drafts["Makefile"].decode().startswith(before)
    assert "bootstrap.py --yes" not in drafts["Makefile"].decode()
    assert reason in left[0].reason
    assert "by hand" in left[0].reason


def test_a_hook_is_installed_from_the_environment_that_has_it():
    files = {"requirements-dev.txt": "pre-commit\n", "Makefile": "install:\n\tpip install -e .\n\tpre-commit install\n"}
    after = written(makefile, files)[0]["Makefile"].decode()
    assert "\t$(PYTHON) bootstrap.py --yes\n\t$(PYTHON) bootstrap.py run pre-commit install\n" in after


def test_targets_that_took_their_tools_from_the_active_environment_are_told():
    drafts, left = written(makefile, {**DECLARED, "Makefile": "install:\n\tpip install -e .\n\ntest:\n\tpytest\n"})
    assert "bootstrap.py --yes" in drafts["Makefile"].decode()
    assert "test take their tools from PATH" in left[0].reason


def test_an_environment_that_a_workflow_goes_on_to_use_is_left():
    files = {
        **DECLARED,
        "Makefile": "install:\n\tpip install -e .\n",
        ".github/workflows/ci.yml": "- run: make install\n",
    }
    drafts, left = written(makefile, files)
    assert "\tpip install -e .\n" in drafts["Makefile"].decode()
    assert "ci.yml" in left[0].reason


@pytest.mark.parametrize(
    "before",
    [
        "install::\n\tpip install -e .\n",
        "install setup:\n\tpip install -e .\n",
        "install: ; pip install -e .\n",
        "ifdef CI\ninstall:\n\tpip install -e .\nendif\n",
        "install:\nifdef CI\n\tpip install -e .\nendif\n",
        "install: a\ninstall:\n\tpip install -e .\na:\n\ttrue\n",
        "install: .venv\n.venv:\n\tpython3 -m venv .venv\n",
    ],
)
def test_a_rule_of_another_kind_is_left_and_told(before):
    drafts, left = written(makefile, {**DECLARED, "Makefile": before})
    assert before.rstrip("\n") in drafts["Makefile"].decode()
    assert "bootstrap.py --yes" not in drafts["Makefile"].decode()
    assert [one.path for one in left] == ["Makefile"]


@pytest.mark.parametrize(
    "text",
    [
        "# nothing yet\n",
        ".RECIPEPREFIX = >\ninstall:\n>pip install -e .\n",
        "define script\nimport sys\n",
        "ifdef CI\n",
        "test:\n\tpytest \\",
        "include other.mk\ntest:\n\tpytest\n",
        "include $(PARTS)\n",
        "!include x\n",
        "test:\n    pytest\n",
        "# \xe9\n".encode("latin-1"),
        "a:\r\tb\r",
    ],
)
def test_what_is_not_understood_is_left_and_told(text):
    assert set(remarks(makefile, {"Makefile": text})) == {"Makefile"}


def test_what_is_included_is_read():
    files = {"Makefile": "include other.mk\ntest:\n\tpytest\n", "other.mk": "A = b\n"}
    assert set(written(makefile, files)[0]) == {"Makefile"}
    files["other.mk"] = "install:\n\tpip install -e .\n"
    assert "other.mk" in remarks(makefile, files)["Makefile"]


def test_a_rule_for_everything_may_install_already():
    after, left = written(makefile, {**DECLARED, "Makefile": "PYTHON = python3\n%:\n\t$(MAKE) -C sub $@\n"})
    assert b"bootstrap.py --yes" not in after["Makefile"]
    assert "not known" in left[0].reason


@pytest.mark.parametrize(
    "told",
    ["PYTHON = .venv/bin/python\n", "PYTHON := poetry run python\n", "export\n", "run:\n\t$(PYTHON) -m shop\n"],
)
@needs_make
def test_a_python_that_cannot_start_it_is_not_used(tmp_path, told):
    before = f"{told}test:\n\tpytest\n"
    after = adopted(makefile, "Makefile", before, DECLARED)
    assert says(tmp_path, after, "install")[1] == "python3 bootstrap.py --yes\n"
    check_make(tmp_path, before, after)


@needs_make
def test_definitions_conditions_and_patterns_keep_their_meaning(tmp_path):
    before = """\
define SCRIPT
install:
\timport sys
endef
export SCRIPT
ifeq ($(OS),Windows_NT)
\tPYTHON := py
else
\tPYTHON := python3
endif
NAMES = a \\
  b  # two
run = echo $(1) $(2)

.PHONY: all \\
  clean
all: $(NAMES)
\t$(call run,a: b,c)
$(foreach name,$(NAMES),$(eval $(name): ; @echo $(name)))
%.o: %.c
\tcc $<
%.d: private A = 1
clean: B := $(shell echo x:y)
clean:
\t@for x in a b; do \\
\t  echo $$x; \\
\tdone
install:
\t$(PYTHON) -m pip install -e .
"""
    after = adopted(makefile, "Makefile", before, DECLARED)
    assert (
        after
        == before.replace("  clean\nall", "  clean guard\nall").replace("-m pip install -e .", "bootstrap.py --yes")
        + "\nguard:\n\t@$(PYTHON) bootstrap.py guard --quiet\n"
    )
    check_make(tmp_path, before, after)


def test_make_reads_the_first_of_several():
    files = {"GNUmakefile": "a:\n\ttrue\n", "Makefile": "b:\n\ttrue\n"}
    assert set(written(makefile, files)[0]) == {"GNUmakefile"}


_LINES = st.lists(
    st.sampled_from(
        [
            "# a comment", "", "A = b", "PYTHON ?= python3", "PYTHON = x", ".PHONY: test", ".PHONY: test lint",
            "test: lint", "\tpytest", "lint:", "\truff check .  # all", "define X", "endef", "\tpip install -e .",
            "install:", "setup: x", "ifdef Y", "endif", "help: ## help", "guard:", "-include .env", "export", "A += \\",
            "$(eval x: ;)",
        ]
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None)
@given(_LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_no_line_is_lost_but_those_of_a_recipe(lines, newline, has_end):
    text = newline.join(lines) + (newline if has_end and lines else "")
    after = adopted(makefile, "Makefile", text, DECLARED)
    if after == text:
        return
    newline = newline if newline in text else "\n"
    assert after.count("\n") == after.count(newline)
    assert after.endswith(newline) == text.endswith(newline)
    kept = [line for line in after.split(newline) if line in lines]
    wanted = [line for line in lines if not line.startswith((".PHONY", "\tpip"))]
    rest = iter(kept)
    assert all(line in rest for line in wanted if line)


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (
            "pip install -r requirements.txt flake8==6.1.0 'mypy[faster-cache]>=1'",
            "flake8==6.1.0 'mypy[faster-cache]>=1'",
        ),
        ("pip install -e . && .venv/bin/pip install --upgrade mypy rich", "mypy"),
        ("python -m pip install -c flake8 $(TOOLS)  # flake8", ""),
        ("pip install -r requirements.txt", ""),
    ],
)
def test_a_tool_that_a_recipe_installs_by_its_name_is_installed_on(command, kept):
    before = f"install:\n\tpython -m venv .venv\n\t.venv/bin/{command}\n\nlint:\n\t.venv/bin/flake8\n\t.venv/bin/mypy\n"
    draft, *left = makefile(tree({**DECLARED, "Makefile": before}), WISHES)
    recipe = draft.after.decode().partition("\ninstall:\n")[2].partition("\n\n")[0]
    more = [f"\t$(PYTHON) bootstrap.py run uv pip install {kept}"] if kept else []
    assert recipe.split("\n") == ["\t$(PYTHON) bootstrap.py --yes", *more]
    named = [name for name in ("flake8", "mypy") if name in kept]
    missing = [name for name in ("flake8", "mypy") if name not in kept]
    told = [f"goes on to install {', '.join(named)} beside"] if named else []
    told += [f"will miss {', '.join(missing)} in .venv"] if missing else []
    assert [text in one.reason for text, one in zip(told, left, strict=True)] == [True] * len(told)


def test_what_two_rules_installed_is_installed_once():
    build = "\tpython -m venv .venv\n\t.venv/bin/pip install mypy\n"
    before = f"setup:\n{build}\ninstall:\n{build}\nlint:\n\t.venv/bin/mypy\n"
    (draft, _) = makefile(tree({**DECLARED, "Makefile": before}), WISHES)
    assert draft.after.count(b"uv pip install mypy") == 1


@pytest.mark.parametrize(
    ("head", "others", "after"),
    [
        ("install: venv\t\t#- Install.", ".venv:\n\tuv venv --python=3.10\n\nvenv: .venv\n", "install:\t\t#- Install."),
        ("install: .venv check", ".venv:\n\tpython -m venv .venv\ncheck:\n\tgit status\n", "install: check"),
        ("install: .venv", ".venv:\n\tpython -m venv .venv\n\tcurl -O https://example.org\n", "install: .venv"),
        ("install: venv", "venv: venv\n", "install: venv"),
        ("install: requirements.txt", "", "install: requirements.txt"),
    ],
)
def test_what_only_made_the_environment_is_waited_for_no_more(head, others, after):
    before = f"{head}\n\t.venv/bin/pip install -r requirements.txt\n\n{others}"
    text = adopted(makefile, "Makefile", before, DECLARED)
    assert f"{after}\n\t$(PYTHON) bootstrap.py --yes\n" in text
    assert others in text
