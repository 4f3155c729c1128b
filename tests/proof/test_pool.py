"""Everything that a repository requires anywhere."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.proof.pool import declared, of_installed, requirement_for


@pytest.fixture
def pool(write):
    def gather(files, module=None):
        root = write(files)
        repository, read = detect_repository(root), Reader(root)
        return requirement_for(module, repository, read) if module else list(declared(repository, read))

    return gather


EVERYWHERE = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["six>=1"]\n[project.optional-dependencies]\n'
    'fast = ["numpy"]\n[dependency-groups]\nlint = ["ruff"]\n[tool.poetry.group.old.dependencies]\ntoml = "^0.10"\n'
    '[tool.hatch.envs.default]\ndependencies = ["faker"]\n',
    "tox.ini": "[testenv]\ndeps =\n    pytest\n    -r more.txt\n",
    "more.txt": "mock==3\n",
    "noxfile.py": '@session\ndef tests(session):\n    session.install("responses")\n',
    "Makefile": "dev:\n\tpip install tqdm\n",
    "environment.yml": "dependencies:\n  - scipy=1.2\n",
    "requirements.txt": "flask==3 --hash=sha256:abc  # the web\nclick==8 \\\n    --hash=sha256:abc\n",
    "requirements/docs.in": "sphinx\n",
    "docs/requirements.txt": "furo\n",
    "docs/notes.txt": "prose\n",
}


def test_every_place_is_looked_into(pool):
    found = pool(EVERYWHERE)
    names = ["six>=1", "numpy", "ruff", "toml>=0.10,<0.11", "faker", "pytest", "mock==3", "responses", "tqdm"]
    assert set(names) | {"scipy==1.2.*", "flask==3", "sphinx", "furo"} <= set(found)
    assert "prose" not in found


@pytest.mark.parametrize(
    ("module", "requirement"),
    [("flask", "flask==3"), ("click.core", "click==8"), ("toml", "toml>=0.10,<0.11"), ("django", ""), ("more", "")],
)
def test_a_module_s_requirement_is_worded_as_the_repository_words_it(pool, module, requirement):
    assert pool(EVERYWHERE, module) == requirement


def test_extras_of_setuptools_own_files_are_looked_into(pool):
    script = "from setuptools import setup\nsetup(extras_require={'x': ['PyYAML>=5']})\n"
    assert pool({"setup.py": script}, "yaml") == "PyYAML>=5"


@pytest.mark.parametrize("text", [b"\xff\xfe\x00\xd8", "-r /nowhere/at/all.txt\n", "-r requirements.txt\n", ""])
def test_a_file_that_cannot_be_read_or_says_nothing_is_no_obstacle(pool, text):
    assert pool({"requirements.txt": text, "tox.ini": "[testenv]\ndeps = six\n"}, "six") == "six"


def test_a_repository_that_declares_nothing_has_an_empty_pool(pool):
    assert pool({"README.md": ""}) == []


def test_what_setup_py_requires_is_looked_into_as_well(write):
    root = write({"setup.py": "from setuptools import setup\nsetup(install_requires=['python-dateutil>=2'])\n"})
    assert requirement_for("dateutil", detect_repository(root), Reader(root)) == "python-dateutil>=2"


def test_a_folder_of_the_repository_is_no_answer_to_a_missing_module(pool):
    files = {"dev-requirements.txt": "./shop-api\n-e ./shop\n", "tox.ini": "[testenv]\ndeps = ./shop-api\n"}
    assert pool(files, "shop") == ""


DASK = """\
Metadata-Version: 2.1
Name: dask
Requires-Dist: toolz (>=0.7)
Provides-Extra: distributed
Requires-Dist: distributed (>=1.22, <2) ; extra == 'distributed'
Requires-Dist: python-snappy; extra == "fast"
Requires-Dist: bokeh>=1.0; (python_version >= "3") and extra == 'fast'

Requires-Dist: prose; extra == 'none'
"""


@pytest.mark.parametrize(
    ("module", "requirement"),
    [
        ("distributed.utils_test", "distributed>=1.22,<2"),
        ("snappy", "python-snappy"),
        ("bokeh", "bokeh>=1.0"),
        ("toolz", ""),  # it is installed, and something else is wrong with it
        ("prose", ""),
        ("shop", ""),
    ],
)
def test_what_an_installed_distribution_has_an_extra_for_is_known(write, module, requirement):
    root = write({"dask-1.dist-info/METADATA": DASK, "other-1.dist-info/RECORD": "", "six.py": ""})
    assert of_installed(module, root) == requirement
    assert of_installed(module, None) == ""
