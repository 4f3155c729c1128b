"""How dependencies are recognised and installed, manager by manager."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup import dependencies
from bootstrap.setup.dependencies.inclusion import closure
from bootstrap.setup.dependencies.shortfall import remedy_of


@pytest.fixture
def recognised(write):
    def recognise(files):
        root = write(files)
        return dependencies.recognise(detect_repository(root), Reader(root))

    return recognise


def commands(found):
    return [(run.cwd, " ".join(run.argv)) for run in found.installs]


PROJECT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\n'


def test_nothing_declared_is_nothing_to_install(recognised):
    assert recognised({"README.md": ""}) is None


def test_a_lock_of_uv_s_is_synced_as_it_is(recognised):
    found = recognised({"uv.lock": "", "pyproject.toml": PROJECT})
    assert commands(found) == [(".", "uv sync --frozen --inexact")]
    assert " ".join(found.lock_check.argv) == "uv lock --check"
    assert found.is_locked  # no bound in time goes for it


def test_groups_and_extras_that_developers_need_are_added_to_uv_s_defaults(recognised):
    text = PROJECT + (
        "[project.optional-dependencies]\ntests = []\nfast = []\n"
        "[dependency-groups]\ndev = []\nTesting = []\ndocs = []\n"
    )
    found = recognised({"uv.lock": "", "pyproject.toml": text})
    assert commands(found) == [(".", "uv sync --frozen --inexact --group Testing --extra tests --group docs")]
    assert commands(found.lean) == [(".", "uv sync --frozen --inexact --group Testing --extra tests")]


def test_groups_that_uv_must_keep_apart_are_left_to_its_defaults(recognised):
    text = PROJECT + (
        "[dependency-groups]\ntest = []\ndocs = []\nlint = []\n[project.optional-dependencies]\ntests = []\n"
        "[tool.uv]\nconflicts = [[{group = 'test'}, {group = 'docs'}], [{extra = 'tests'}, {extra = 'gpu'}]]\n"
    )
    assert commands(recognised({"uv.lock": "", "pyproject.toml": text})) == [
        (".", "uv sync --frozen --inexact --group lint")
    ]


def test_a_workspace_without_a_project_of_its_own_is_installed_whole(recognised):
    text = "[tool.uv.workspace]\nmembers = ['a']\n"
    found = recognised({"uv.lock": "", "pyproject.toml": text})
    assert commands(found) == [(".", "uv sync --frozen --inexact --all-packages")]
    found = recognised({"uv.lock": "", "pyproject.toml": PROJECT + text})
    assert commands(found) == [(".", "uv sync --frozen --inexact")]


def test_a_project_without_a_lock_is_installed_editable_with_groups_and_extras(recognised):
    text = PROJECT + "[project.optional-dependencies]\ntest = []\n[dependency-groups]\ndev = []\n"
    found = recognised({"pyproject.toml": text})
    assert commands(found) == [(".", "uv pip install --python {target} --editable .[test] --group dev")]
    assert found.title == "pyproject.toml with group dev, extra test"


def test_a_list_of_dependencies_is_no_project_to_install(recognised):
    found = recognised({"pyproject.toml": '[project]\nname = "x"\ndependencies = ["rich"]\n'})
    assert commands(found) == [(".", "uv pip install --python {target} --requirements pyproject.toml")]


def test_settings_choose_groups_extras_and_files(recognised):
    text = PROJECT + "[tool.devstrap]\ngroups = ['lint']\nextras = ['fast']\n[dependency-groups]\ndev = []\nlint = []\n"
    text += "[project.optional-dependencies]\nfast = []\n"
    found = recognised({"pyproject.toml": text})
    assert commands(found) == [(".", "uv pip install --python {target} --editable .[fast] --group lint")]


def test_requirements_files_are_installed_from_their_own_folder(recognised):
    found = recognised({"requirements.txt": "a\n", "requirements/dev.txt": "b\n", "requirements/tests.txt": "c\n"})
    assert commands(found) == [
        (".", "uv pip install --python {target} --requirements requirements.txt"),
        ("requirements", "uv pip install --python {target} --requirements dev.txt --requirements tests.txt"),
    ]


@pytest.mark.parametrize("line", ["-e .", "--editable=.[dev]", "-e file:.  # itself", ".[dev]", "-e ./lib"])
def test_requirements_whose_paths_lead_from_the_root_are_installed_from_there(recognised, line):
    files = {"requirements/dev.txt": "-r ci.txt\n", "requirements/ci.txt": f"pytest\n{line}\n", "lib/setup.py": ""}
    found = recognised({"setup.py": "", **files})
    installs = [(run.cwd, run.argv[5:]) for run in found.installs if "--requirements" in run.argv]
    assert [(cwd, words[:2]) for cwd, words in installs] == [(".", ("--requirements", "requirements/dev.txt"))]


@pytest.mark.parametrize("line", ["-e ..", "-e file:../shared", "-e git+https://example.invalid/x#egg=x", "./own"])
def test_requirements_whose_paths_lead_from_their_folder_are_installed_from_there(recognised, line):
    files = {"requirements/dev.txt": f"pytest\n{line}\n", "shared/setup.py": "", "requirements/own/setup.py": ""}
    found = recognised({"setup.py": "", **files})
    installs = [(run.cwd, run.argv[5:]) for run in found.installs if "--requirements" in run.argv]
    assert [(cwd, words[:2]) for cwd, words in installs] == [("requirements", ("--requirements", "dev.txt"))]


def test_a_file_that_another_includes_is_left_to_that_one(recognised):
    found = recognised({"requirements.txt": "a\n", "requirements-dev.txt": "-r requirements.txt\nb\n"})
    assert commands(found) == [(".", "uv pip install --python {target} --requirements requirements-dev.txt")]


def test_a_project_s_requirements_files_come_before_itself(recognised):
    found = recognised({"setup.py": "", "requirements-dev.txt": "pytest\n"})
    assert commands(found) == [
        (".", "uv pip install --python {target} --requirements requirements-dev.txt"),
        (".", "uv pip install --python {target} --editable ."),
    ]


def test_environments_of_hatch_beside_groups_are_no_shortfall(recognised):
    text = PROJECT + "[tool.hatch.envs.docs]\ndependencies = ['sphinx']\n[dependency-groups]\ndev = ['pytest']\n"
    assert recognised({"pyproject.toml": text}).shortfalls == ()


def test_included_files_are_followed_once_even_in_a_circle():
    files = {
        "requirements/a.txt": b"-r b.txt\n-c ../c.txt  # bounds\n",
        "requirements/b.txt": b"--requirement=a.txt\n-ra.txt\n-r ../../outside.txt\n",
        "c.txt": b"x<2\n",
    }
    assert closure("requirements/a.txt", files.get) == ["requirements/a.txt", "requirements/b.txt", "c.txt"]


def test_a_file_outside_the_repository_is_followed_too():
    files = {"requirements.txt": b"-r ../common.txt\n", "../common.txt": b"x\n"}
    assert closure("requirements.txt", files.get) == ["requirements.txt", "../common.txt"]


def test_the_fingerprint_changes_with_what_decides_and_with_nothing_else(recognised):
    first = recognised({"pyproject.toml": PROJECT}).fingerprint
    assert recognised({"pyproject.toml": PROJECT + "[tool.ruff]\n"}).fingerprint == first
    assert recognised({"pyproject.toml": PROJECT + "dependencies = ['x']\n"}).fingerprint != first


@pytest.mark.parametrize(
    ("before", "after", "others"),
    [
        ("[tool.uv]\nconstraint-dependencies = ['a<2']\n", "[tool.uv]\nconstraint-dependencies = ['a<3']\n", {}),
        ("[tool.setuptools.dynamic]\ndependencies = {file = ['deps.in']}\n",) * 2 + ({"deps.in": "changed\n"},),
    ],
)
def test_the_fingerprint_covers_what_build_backends_and_uv_go_by(recognised, before, after, others):
    first = recognised({"pyproject.toml": PROJECT + before, "deps.in": "a\n"}).fingerprint
    assert recognised({"pyproject.toml": PROJECT + after, **others}).fingerprint != first


@pytest.mark.parametrize(
    "odd", ["[project]\nname = 'x'\ndynamic = 1\n", "[tool.setuptools.dynamic]\ndependencies = {file = 1}\n"]
)
def test_what_is_dynamic_in_no_way_that_anybody_reads_is_left_to_the_build(recognised, odd):
    assert recognised({"pyproject.toml": odd, "setup.py": SCRIPT, "requirements.txt": "a\n"}) is not None


def test_the_fingerprint_of_requirements_covers_what_they_include(recognised):
    first = recognised({"requirements.txt": "-r more.txt\n", "more.txt": "a\n"}).fingerprint
    assert recognised({"requirements.txt": "-r more.txt\n", "more.txt": "b\n"}).fingerprint != first


# ---- extras of setuptools' own files --------------------------------------------------------------------------------

SCRIPT = "from setuptools import setup\n"
EDITABLE = "uv pip install --python {target} --editable ."


@pytest.mark.parametrize(
    "files",
    [
        {"setup.cfg": "[options.extras_require]\ntest =\n    iniconfig\nFast = sphinx\n", "setup.py": SCRIPT},
        {"setup.py": SCRIPT + "setup(extras_require={'test': ['iniconfig'], 'fast': ['sphinx']})\n"},
        {"setup.py": SCRIPT + "E = {'fast': []}\nE['test'] = read('test.in')\nsetup(extras_require=E)\n"},
        {"setup.py": SCRIPT + "setup(extras_require=dict(test=['iniconfig']))\n"},
        {"setup.py": SCRIPT + "extras: dict = {}\nextras.update({'test': []})\nsetup(extras_require=extras)\n"},
        {"setup.py": SCRIPT + "setup(extras_require={'test:python_version<\"3.13\"': ['iniconfig']})\n"},
        {"setup.py": "import setuptools as s\nif True:\n    s.setup(extras_require={'test': [], **more()})\n"},
        {"setup.py": SCRIPT + "kept = {'name': 'x', 'extras_require': {'test': []}}\nsetup(**kept)\n"},
        {
            "setup.py": SCRIPT
            + "kept = {}\nE = {'test': []}\nkept['extras_require'] = E\nkept['x'] = 1\nsetup(**kept)\n"
        },
    ],
)
def test_extras_of_setuptools_own_files_are_installed(recognised, files):
    assert commands(recognised(files)) == [(".", f"{EDITABLE}[test]")]


def test_a_setup_script_is_never_run(recognised, tmp_path):
    text = f"open({str(tmp_path / 'ran')!r}, 'w')\nfrom setuptools import setup\nsetup(extras_require={{'dev': []}})\n"
    assert commands(recognised({"setup.py": text})) == [(".", f"{EDITABLE}[dev]")]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        "setup(extras_require=load())\n",
        "setup(**{'extras_require': {}})\n",
        "extras = {}\nfor name in names:\n    extras[name] = []\nsetup(extras_require=extras)\n",
        "extras = {}\nextras.setdefault('all', [])\nsetup(extras_require=extras)\n",
        "if new:\n    extras = {}\nelse:\n    extras = {'x': []}\nsetup(extras_require=extras)\n",
        "setup(extras_require={name: [] for name in names})\n",
        "setup(extras_require={NAME: []})\n",
        "print 'extras_require'\n",
    ],
)
def test_extras_that_only_running_the_script_would_tell_are_said(recognised, text):
    found = recognised({"setup.py": SCRIPT + text})
    assert commands(found) == [(".", EDITABLE)]
    assert ["computes its extras" in shortfall for shortfall in found.shortfalls] == [True]
    assert "extras in [tool.devstrap]" in remedy_of(found.shortfalls[0])
    settled = recognised({"setup.py": SCRIPT + text, "pyproject.toml": "[tool.devstrap]\nextras = []\n"})
    assert settled.shortfalls == ()


def test_extras_that_are_computed_beside_those_for_developing_are_no_shortfall(recognised):
    found = recognised({"setup.py": SCRIPT + "setup(extras_require={'dev': [], **more})\n"})
    assert found.shortfalls == ()


@pytest.mark.parametrize(
    "pyproject",
    [
        "[build-system]\nrequires = ['flit_core']\nbuild-backend = 'flit_core.buildapi'\n",
        "[build-system]\nrequires = ['setuptools']\n[project]\nname = 'x'\nversion = '1'\n",
    ],
)
def test_setuptools_files_have_no_say_where_another_builds_or_the_project_table_tells(recognised, pyproject):
    files = {"pyproject.toml": pyproject, "setup.cfg": "[options.extras_require]\ntest = iniconfig\n"}
    assert commands(recognised(files)) == [(".", EDITABLE)]


def test_a_project_table_may_leave_its_extras_to_setuptools(recognised):
    pyproject = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
    pyproject += "[project]\nname = 'x'\ndynamic = ['version', 'optional-dependencies']\n"
    files = {"pyproject.toml": pyproject, "setup.cfg": "[options.extras_require]\ntest = iniconfig\n"}
    assert commands(recognised(files)) == [(".", f"{EDITABLE}[test]")]


@pytest.mark.parametrize("text", ["[options.extras_require\n", "test = 1\n[options.extras_require]\n", b"\xff\xfe\xff"])
def test_a_configuration_that_cannot_be_read_is_left_to_the_build(recognised, text):
    assert commands(recognised({"setup.cfg": text, "setup.py": SCRIPT})) == [(".", EDITABLE)]


# ---- locks of extras ------------------------------------------------------------------------------------------------

WITH_EXTRA = PROJECT + "[project.optional-dependencies]\ndev = ['ruff']\n[dependency-groups]\ntest = []\n"
ONLY_EXTRA = PROJECT + "[project.optional-dependencies]\nDev_ = ['ruff']\n"


@pytest.mark.parametrize(
    "command",
    [
        "pip-compile --extra=dev --output-file=requirements-dev.txt pyproject.toml",
        "pip-compile --all-extras pyproject.toml",
        "uv pip compile --extra dev pyproject.toml -o requirements-dev.txt",
        "uv pip compile --extra docs --extra dev pyproject.toml",
    ],
)
@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements/dev.txt", "requirements-all.txt"])
def test_a_file_that_pins_the_extras_is_their_lock(recognised, command, name):
    header = f"#\n# This file is autogenerated by the following command:\n#\n#    {command}\n#\nruff==0.1\n"
    found = recognised({"pyproject.toml": ONLY_EXTRA, name: header})
    folder, _, file = name.rpartition("/")
    assert commands(found)[0] == (folder or ".", f"uv pip install --python {{target}} --requirements {file}")
    assert commands(found)[1] == (".", f"{EDITABLE}[Dev_]")
    assert name in found.title
    changed = recognised({"pyproject.toml": ONLY_EXTRA, name: header + "x==1\n"})
    assert changed.fingerprint != found.fingerprint


@pytest.mark.parametrize(
    "header",
    [
        "# pip-compile pyproject.toml\n",
        "# pip-compile --extra=docs pyproject.toml\n",
        "ruff==0.1\n# pip-compile --extra=dev pyproject.toml\n",
        "# made by hand\n",
        "",
    ],
)
def test_a_file_that_does_not_say_that_it_pins_the_extras_is_none(recognised, header):
    found = recognised({"pyproject.toml": ONLY_EXTRA, "requirements-dev.txt": header})
    assert commands(found) == [(".", f"{EDITABLE}[Dev_]")]


def test_a_lock_has_to_have_the_groups_too(recognised):
    command = "# uv pip compile --extra=dev {} pyproject.toml\n"
    found = recognised({"pyproject.toml": WITH_EXTRA, "requirements-dev.txt": command.format("")})
    assert len(found.installs) == 1
    found = recognised({"pyproject.toml": WITH_EXTRA, "requirements-dev.txt": command.format("--group test")})
    assert len(found.installs) == 2
    found = recognised({"pyproject.toml": WITH_EXTRA, "requirements-dev.txt": command.format("--group x.toml:test")})
    assert len(found.installs) == 2


# ---- the tests' own requirements ------------------------------------------------------------------------------------

FOR_TESTS = ("tests", "uv pip install --python {target} --requirements requirements.txt")


@pytest.mark.parametrize(
    "files",
    [
        {"setup.py": SCRIPT},
        {"pyproject.toml": PROJECT},
        {"pyproject.toml": PROJECT + "[dependency-groups]\ndev = ['ruff', {include-group = 'lint'}]\nlint = []\n"},
        {"requirements.txt": "flask\n"},
        {},
    ],
)
def test_the_tests_own_requirements_are_installed_where_nothing_else_brings_pytest(recognised, files):
    there = {"tests/requirements.txt": "mock\n-r more.txt\n", "tests/more.txt": "pytest-cov\n", "conftest.py": ""}
    assert FOR_TESTS in commands(recognised(files | there))


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": PROJECT + "[dependency-groups]\ndev = [{include-group = 't'}]\nt = ['pytest>=8']\n"},
        {"pyproject.toml": PROJECT + "[project.optional-dependencies]\ndev = ['x[t]']\nt = ['pytest-xdist']\n"},
        {"pyproject.toml": PROJECT + "dependencies = ['pytest']\n"},
        {"requirements.txt": "pytest\n"},
        {"setup.py": SCRIPT + "setup(extras_require={'test': ['pytest']})\n"},
        {"setup.py": SCRIPT + "setup(extras_require={'test': read('test.in')})\n"},
        {"pyproject.toml": PROJECT + "[tool.devstrap]\ngroups = []\n"},
    ],
)
def test_the_tests_own_requirements_are_left_out_where_pytest_is_there_or_the_settings_decide(recognised, files):
    assert FOR_TESTS not in commands(recognised({**files, "tests/requirements.txt": "pytest\n", "conftest.py": ""}))


def test_a_file_of_the_tests_that_does_not_name_pytest_is_taken_where_nothing_else_is(recognised):
    assert recognised({"tests/requirements.txt": "mock\n", "conftest.py": ""}).title == "tests/requirements.txt"


@pytest.mark.parametrize("line", ["python >=3.10", "conda-forge::patchelf"])
def test_a_file_for_conda_is_not_taken(recognised, line):
    assert recognised({"tests/requirements.txt": f"pytest\n{line}\n", "conftest.py": ""}) is None


def test_tests_alone_are_no_project(recognised):
    assert recognised({"tests/requirements.txt": "pytest\n"}) is None
    assert recognised({"backend/tests/test_a.py": "import pytest\n"}) is None
    assert FOR_TESTS in commands(recognised({"requirements.txt": "six\n", "tests/requirements.txt": "pytest\n"}))


def test_the_first_file_that_brings_pytest_is_enough(recognised):
    files = {"ci/requirements-ci.txt": "pytest\n", "ci/requirements.txt": "tox\n", ".ci/requirements.txt": "pytest\n"}
    found = recognised({**files, "pytest.ini": ""})
    assert found.title == "ci/requirements-ci.txt"


# ---- production -----------------------------------------------------------------------------------------------------

HOSTED = {
    "requirements.txt": "# for the host\n-r requirements/production.txt\n",
    "requirements/production.txt": "-r base.txt\nuwsgi\n",
    "requirements/base.txt": "flask\n",
}


@pytest.mark.parametrize("name", ["dev", "local"])
def test_the_host_s_requirements_are_left_out_where_the_development_s_have_the_same_base(recognised, name):
    found = recognised({**HOSTED, f"requirements/{name}.txt": "-r base.txt\npytest\n"})
    assert found.title == f"requirements/{name}.txt"


def test_tools_alone_do_not_stand_for_the_host_s_requirements(recognised):
    found = recognised({**HOSTED, "requirements/dev.txt": "pytest\n"})
    assert found.title == "requirements.txt, requirements/dev.txt"


def test_a_main_file_that_is_not_for_production_stays(recognised):
    files = {
        "requirements.txt": "-r requirements/base.txt\ngunicorn\n",
        "requirements/base.txt": "flask\n",
        "requirements/dev.txt": "-r base.txt\npytest\n",
    }
    assert recognised(files).title == "requirements.txt, requirements/dev.txt"


# ---- shortfalls -----------------------------------------------------------------------------------------------------


def test_extras_that_only_running_setup_would_tell_are_told(recognised):
    text = "from setuptools import setup\nsetup(extras_require=load())\n"
    found = recognised({"setup.py": text})
    assert "computes its extras" in found.shortfalls[0]
    assert "extras in [tool.devstrap]" in remedy_of(found.shortfalls[0])
    settled = {"setup.py": text, "pyproject.toml": "[tool.devstrap]\nextras = []\n"}
    assert recognised(settled).shortfalls == ()


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "Pipfile.lock", "environment.yml"])
def test_settings_that_name_the_files_go_before_a_lock(recognised, name):
    text = PROJECT + "[tool.devstrap]\nrequirements = ['all.txt']\n"
    assert recognised({"pyproject.toml": text, name: "", "all.txt": "x\n"}).manager == "pyproject"


def test_a_shortfall_without_a_remedy_has_the_common_one():
    assert "by hand" in remedy_of("something is missing")


def test_what_is_for_documentation_and_linters_is_installed_and_can_be_left_out(recognised):
    text = (
        PROJECT
        + "[project.optional-dependencies]\nDoc = []\nfast = []\n[dependency-groups]\ntype-check = []\ndev = []\n"
    )
    found = recognised({"pyproject.toml": text})
    assert found.title == "pyproject.toml with group dev, group type-check, extra Doc"
    assert found.lean.title == "pyproject.toml with group dev"
    assert found.fingerprint != found.lean.fingerprint


def test_what_the_tests_are_run_with_elsewhere_is_installed_and_can_be_left_out(recognised):
    extras = "[project.optional-dependencies]\nfast = []\ntest = []\nslow = []\n"
    files = {"pyproject.toml": PROJECT + extras, "Makefile": "test:\n\tuv sync --all-extras\n"}
    found = recognised(files)
    assert found.title == "pyproject.toml with extra test, extra fast, extra slow"
    assert found.lean.title == "pyproject.toml with extra test"
    found = recognised({**files, "uv.lock": ""})
    assert commands(found) == [(".", "uv sync --frozen --inexact --extra test --extra fast --extra slow")]
    assert commands(found.lean) == [(".", "uv sync --frozen --inexact --extra test")]


def test_a_group_that_brings_pytest_is_taken_whatever_it_is_called(recognised):
    groups = '[dependency-groups]\nrelease = ["twine"]\nqa = ["pytest-cov"]\n'
    assert recognised({"pyproject.toml": PROJECT + groups}).title == "pyproject.toml with group qa"
    extras = '[project.optional-dependencies]\nfast = ["a"]\nci = ["pytest>=8"]\n'
    assert recognised({"pyproject.toml": PROJECT + extras}).title == "pyproject.toml with extra ci"


@pytest.mark.parametrize(
    ("usual", "title"), [('["qa", "gone"]', "group qa"), ('"all"', "group release, group qa, group dev")]
)
def test_groups_that_uv_is_told_to_install_are_installed_without_a_lock_too(recognised, usual, title):
    text = f"{PROJECT}[dependency-groups]\nrelease = []\nqa = []\ndev = []\n[tool.uv]\ndefault-groups = {usual}\n"
    assert recognised({"pyproject.toml": text}).title.startswith(f"pyproject.toml with {title}")


@pytest.mark.parametrize("base", ["requirements_base.txt", "base-requirements.txt", "requirements/common.txt"])
def test_the_common_base_of_requirements_is_installed_where_no_other_file_includes_it(recognised, base):
    assert recognised({base: "flask\n", "requirements_dev.txt": "honcho\n"}).title == f"{base}, requirements_dev.txt"
    assert recognised({base: "flask\n", "requirements_dev.txt": f"-r {base}\n"}).title == "requirements_dev.txt"


def test_the_extras_of_pbr_are_those_of_its_own_section(recognised):
    files = {"setup.py": "setup(setup_requires=['pbr'], pbr=True)\n", "setup.cfg": "[extras]\ntest =\n  nose\n"}
    assert recognised(files).title == "setup.py with extra test"
    assert recognised({**files, "setup.py": "setup()\n"}).title == "setup.py"


def test_extras_that_tox_and_hatch_test_with_are_installed_beside_the_developers_own(recognised):
    extras = "[project.optional-dependencies]\ntest = []\nrss = []\nweb = []\nslow = []\n"
    hatch = '[tool.hatch.envs.hatch-test]\nfeatures = ["rss"]\n'
    files = {"pyproject.toml": PROJECT + extras + hatch, "tox.ini": "[testenv]\nextras =\n  web\n"}
    assert recognised(files).title == "pyproject.toml with extra test, extra rss, extra web"


def test_integration_tests_of_a_group_of_their_own_are_collected_too(recognised):
    text = PROJECT + "[dependency-groups]\ntest = []\ntest_integration = []\nrelease = []\n"
    found = recognised({"pyproject.toml": text})
    assert found.title == "pyproject.toml with group test, group test_integration"
    assert found.lean.title == "pyproject.toml with group test"


@pytest.mark.parametrize(
    "more",
    [
        "[tool.uv]\nconflicts = [[{group = 'docs'}]]\n",
        '[tool.devstrap]\ngroups = ["dev"]\n',
        "[tool.devstrap]\nextras = []\n",
    ],
)
def test_what_the_repository_keeps_apart_or_leaves_out_is_not_added(recognised, more):
    text = f"{PROJECT}{more}[dependency-groups]\ndev = []\ndocs = []\n"
    found = recognised({"pyproject.toml": text})
    assert found.lean is None
    assert "docs" not in found.title


# ---- files for Python 3 beside those for Python 2 -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements-py3.txt", "requirements_py3.txt", "requirements3.txt"])
def test_a_file_that_stands_in_for_another_on_python_3_is_taken_in_its_place(recognised, name):
    found = recognised({"requirements.txt": "Twisted>=13\nmock\n", name: "# newer\n-e .\ntwisted >= 17\n"})
    assert commands(found) == [(".", f"uv pip install --python {{target}} --requirements {name}")]


def test_a_file_that_includes_the_other_stands_in_for_it_and_one_about_something_else_does_not(recognised):
    including = recognised({"requirements.txt": "six\n", "requirements-py3.txt": "-r requirements.txt\nmock\n"})
    assert commands(including) == [(".", "uv pip install --python {target} --requirements requirements-py3.txt")]
    other = recognised({"requirements.txt": "six\n", "requirements-py3.txt": "mock\n"})
    assert commands(other) == [(".", "uv pip install --python {target} --requirements requirements.txt")]


def test_the_tests_file_beside_them_is_the_one_for_python_3_too(recognised):
    files = {"tests/requirements.txt": "pytest\nmitmproxy==0.10\n", "tests/requirements-py3.txt": "pytest\n"}
    found = recognised({"requirements.txt": "six\n", "tox.ini": "[pytest]\n", "tests/test_a.py": "", **files})
    assert commands(found)[-1] == (
        "tests",
        "uv pip install --python {target} --requirements requirements-py3.txt",
    )
