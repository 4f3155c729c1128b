"""What of a conda environment can be installed from the package index, and what cannot."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup.dependencies import conda


@pytest.fixture
def environment(told):
    return lambda text: told(conda.read_environment, {"environment.yml": text})


WHOLE = """\
name: shop
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - conda-forge::numpy>=1.20
  - gdal=3.6   # the library itself
# not indented
  - "pandas=2.0"
  - pip:
    - -r requirements/dev.txt
    - -e .[test]
    - tomli ; python_version < "3.11"
    # - toml
    - 'six==1.16.0'
  - nodejs
prefix: /opt/shop
"""


def test_python_pip_s_part_packages_and_the_rest_are_told_apart(environment):
    found = environment(WHOLE)
    assert found.python == "3.10"
    assert found.pip == ("-r requirements/dev.txt", "-e .[test]", 'tomli ; python_version < "3.11"', "six==1.16.0")
    assert found.packages == ("numpy>=1.20", "pandas==2.0.*")
    assert found.others == ("gdal", "nodejs")


def test_the_indent_does_not_matter(environment):
    text = "dependencies:\n- python==3.9.1\n- six\n- pip:\n  - toml\n- tomli\nvariables:\n- no: more\n"
    assert environment(text) == conda.Environment("3.9", ("toml",), ("six", "tomli"), ())


@pytest.mark.parametrize(
    ("written", "specifier"),
    [
        ("", ""),
        ("=1.2", "==1.2.*"),
        ("=1.2.*", "==1.2.*"),
        ("=1.2*", "==1.2.*"),
        ("==1.2", "==1.2"),
        ("==1.2.*", "==1.2.*"),
        ("=1.2.3=py310_0", "==1.2.3"),
        ("==1.2.3=py310_0", "==1.2.3"),
        (">=1.2,<2", ">=1.2,<2"),
        (">=1.2.*", ">=1.2"),
        ("!=1.2.*", "!=1.2.*"),
        ("~=1.2", "~=1.2"),
        (">1", ">1"),
        ("=1.2rc1", "==1.2rc1.*"),
        ("=1.1.1t", ""),
        ("=2023c", ""),
        ("=1.2|=1.3", ""),
        ("=", ""),
    ],
)
def test_versions_are_written_as_pip_writes_them(written, specifier):
    assert conda._specifier(written) == specifier


@pytest.mark.parametrize(
    ("entry", "version"), [("python=3.11", "3.11"), ("python ==3.9.7", "3.9"), ("python>=3.8", ""), ("python", "")]
)
def test_the_python_is_known_where_one_is_named(environment, entry, version):
    assert environment(f"dependencies:\n  - {entry}\n").python == version


@pytest.mark.parametrize(
    "text", ["", "dependencies:\n", "- six\n", "channels:\n  - six\n", "dependencies: [six]\n", "\ufeff{{ name }}\n"]
)
def test_what_lists_nothing_asks_for_nothing(environment, text):
    assert environment(text) == conda.Environment()


def recognised(root):
    return conda.recognise(detect_repository(root), Reader(root))


def test_all_that_is_python_s_is_installed_with_one_command(write):
    text = (
        "dependencies:\n  - numpy>=1.20\n  - pip:\n    - -r dev.txt\n    - -c bounds.txt\n    - -e .[test]\n    - six\n"
    )
    found = recognised(write({"environment.yml": text, "dev.txt": "", "bounds.txt": ""}))
    (run,) = found.installs
    assert run.argv[5:9] == ("six", "numpy>=1.20", "--requirements", "dev.txt")
    assert run.argv[9:] == ("--constraints", "bounds.txt", "--editable", ".[test]")
    assert (found.manager, found.installs_project, found.is_locked) == ("conda", True, False)


def test_an_environment_without_python_s_packages_installs_nothing(write):
    found = recognised(write({"environment.yaml": "dependencies:\n  - nodejs\n"}))
    assert (found.installs, found.title) == ((), "what environment.yaml has that is Python's")


def test_there_is_nothing_to_install_without_a_file_or_where_the_settings_name_it(write, tmp_path):
    assert recognised(write({"README.md": ""})) is None
    files = {"environment.yml": WHOLE, "pyproject.toml": "[tool.devstrap]\ngroups = []\n"}
    assert recognised(write(files)) is None


def test_what_only_conda_installs_is_named_unless_the_project_tells_its_dependencies(write, tmp_path):
    root = write({"environment.yml": WHOLE})
    assert conda.beside(detect_repository(root), Reader(root)) == ("gdal", "nodejs")
    write({"pyproject.toml": '[project]\nname = "x"\ndependencies = []\n'})
    assert conda.beside(detect_repository(root), Reader(root)) == ()
