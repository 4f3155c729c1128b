"""Metadata in pyproject.toml, setup.cfg, setup.py, recipes and crates."""

import pytest
from rewriting import check_rewrite, found
from tables import moving, staying

# By the row that has to find it: the file, and what it says before and after 3.8 and 3.9 are dropped and 3.12 comes.
MOVES = {
    "pyproject.requires-python": (
        "pyproject.toml",
        '[project]\nname = "a"\nrequires-python = ">=3.8"  # the oldest\n',
        '[project]\nname = "a"\nrequires-python = ">=3.10"  # the oldest\n',
    ),
    "pyproject.classifiers": (
        "pyproject.toml",
        """\
[project]
classifiers = [
    "License :: OSI Approved",
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.8",
    "Programming Language :: Python :: 3.9",
    "Programming Language :: Python :: 3.10",
    "Programming Language :: Python :: 3.11",
    "Topic :: Software Development",
]
""",
        """\
[project]
classifiers = [
    "License :: OSI Approved",
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.10",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Topic :: Software Development",
]
""",
    ),
    "poetry.python": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.8"\ndjango = "^3.8"\n',
        '[tool.poetry.dependencies]\npython = "^3.10"\ndjango = "^3.8"\n',
    ),
    "devstrap.minimum": (
        "pyproject.toml",
        '[tool.devstrap]\nminimum = "3.8"\n',
        '[tool.devstrap]\nminimum = "3.10"\n',
    ),
    "devstrap.default": (
        "pyproject.toml",
        '[tool.devstrap]\ndefault = "3.9"\n',
        '[tool.devstrap]\ndefault = "3.10"\n',
    ),
    "devstrap.supported": (
        "pyproject.toml",
        '[tool.devstrap]\nsupported = ["3.8", "3.9", "3.10", "3.11"]\n',
        '[tool.devstrap]\nsupported = ["3.10", "3.11", "3.12"]\n',
    ),
    "setup-cfg.python-requires": (
        "setup.cfg",
        "[options]\npython_requires = >=3.8, <4\n",
        "[options]\npython_requires = >=3.10, <4\n",
    ),
    "setup-cfg.classifiers": (
        "setup.cfg",
        """\
[metadata]
classifiers =
    Programming Language :: Python :: 3.8
    Programming Language :: Python :: 3.9
    Programming Language :: Python :: 3.10
    Programming Language :: Python :: 3.11
""",
        """\
[metadata]
classifiers =
    Programming Language :: Python :: 3.10
    Programming Language :: Python :: 3.11
    Programming Language :: Python :: 3.12
""",
    ),
    "setup-cfg.text": (
        "setup.cfg",
        "[metadata]\ndescription = Needs Python 3.8+\n",
        "[metadata]\ndescription = Needs Python 3.10+\n",
    ),
    "setup-py.python-requires": (
        "setup.py",
        'from setuptools import setup\n\nsetup(python_requires=">= 3.8")\n',
        'from setuptools import setup\n\nsetup(python_requires=">= 3.10")\n',
    ),
    "setup-py.classifiers": (
        "setup.py",
        """\
from setuptools import setup

setup(
    classifiers=[
        "Programming Language :: Python :: 3.8",
        "Programming Language :: Python :: 3.9",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
    ],
)
""",
        """\
from setuptools import setup

setup(
    classifiers=[
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
)
""",
    ),
    "setup-py.guard": (
        "setup.py",
        "import sys\n\nif sys.version_info < (3, 8):\n    sys.exit(1)\n",
        "import sys\n\nif sys.version_info < (3, 10):\n    sys.exit(1)\n",
    ),
    "setup-py.tag": (
        "setup.py",
        'options = {"bdist_wheel": {"py_limited_api": "cp38"}}\n',
        'options = {"bdist_wheel": {"py_limited_api": "cp310"}}\n',
    ),
    "setup-py.text": (
        "setup.py",
        'print("This needs Python 3.8 or newer.")\n',
        'print("This needs Python 3.10 or newer.")\n',
    ),
    "setup-py.comment": (
        "setup.py",
        "x = 1\n# This needs Python 3.8 or newer.\n",
        "x = 1\n# This needs Python 3.10 or newer.\n",
    ),
    "pyproject.text": (
        "pyproject.toml",
        '[project]\ndescription = "Small things, for Python 3.8+"\n',
        '[project]\ndescription = "Small things, for Python 3.10+"\n',
    ),
    "conda.recipe": (
        "recipe/meta.yaml",
        "requirements:\n  run:\n    - python >=3.8\n    - numpy >=1.3.8\n",
        "requirements:\n  run:\n    - python >=3.10\n    - numpy >=1.3.8\n",
    ),
    "conda.variants": (
        "conda_build_config.yaml",
        "python:\n  - 3.8\n  - 3.9\n  - '3.10'\n  - '3.11'\n",
        "python:\n  - '3.10'\n  - '3.11'\n  - '3.12'\n",
    ),
    "rust.abi3": (
        "Cargo.toml",
        '[dependencies]\npyo3 = { version = "0.22", features = ["abi3-py38"] }\n',
        '[dependencies]\npyo3 = { version = "0.22", features = ["abi3-py310"] }\n',
    ),
    "rust.requires-python": (
        "Cargo.toml",
        '[package.metadata.maturin]\nrequires-python = ">=3.8"\n',
        '[package.metadata.maturin]\nrequires-python = ">=3.10"\n',
    ),
}

# What the row finds, or might be thought to, and leaves as it is.
STAYS = {
    "pyproject.requires-python": ("pyproject.toml", '[project]\nrequires-python = ">=3.10,<3.14"\n'),
    "pyproject.classifiers": (
        "pyproject.toml",
        '[project]\nclassifiers = ["Programming Language :: Python :: 3 :: Only", "Framework :: Django :: 3.8"]\n',
    ),
    "poetry.python": ("pyproject.toml", '[tool.poetry.dependencies]\npython = "~3.11"\n'),
    "pyproject.marker": (
        "pyproject.toml",
        "[project]\ndependencies = [\"tomli>=2; python_version < '3.11'\", 'typing; python_version < \"3.8\"']\n",
    ),
    "devstrap.minimum": ("pyproject.toml", '[tool.devstrap]\nminimum = "3.10"\n'),
    "devstrap.default": ("pyproject.toml", '[tool.devstrap]\ndefault = "3.11"\n'),
    "devstrap.supported": ("pyproject.toml", '[tool.devstrap]\nsupported = ["3.10", "3.11", "3.12"]\n'),
    "setup-cfg.python-requires": ("setup.cfg", "[options]\npython_requires = ~=3.10\n"),
    "setup-cfg.classifiers": ("setup.cfg", "[metadata]\nclassifiers =\n    Topic :: Python 3.8\n"),
    "setup-cfg.marker": ("setup.cfg", "[options]\ninstall_requires =\n    tomli; python_version < '3.11'\n"),
    "setup-cfg.text": ("setup.cfg", "[metadata]\ndescription = Works since Python 3.8\n"),
    "setup-py.python-requires": ("setup.py", 'setup(python_requires=">=3.10")\n'),
    "setup-py.classifiers": ("setup.py", 'setup(classifiers=["Framework :: Django :: 3.8"])\n'),
    "setup-py.guard": ("setup.py", "import sys\n\nif sys.version_info < (3, 10):\n    sys.exit(1)\n"),
    "setup-py.tag": ("setup.py", 'setup(package_data={"a": ["data/py38.txt"]})\n'),
    "setup-py.text": ("setup.py", 'setup(install_requires=["django>=3.8", "celery==3.9.1"])\n'),
    "setup-py.comment": ("setup.py", "# Python 3.8 was dropped long ago\nx = 1\n"),
    "pyproject.text": ("pyproject.toml", '[tool.x]\nnote = "Python 3.8 is fine"\n'),
    "conda.recipe": ("meta.yaml", "requirements:\n  run:\n    - python\n    - python-dateutil >=3.8\n"),
    "conda.variants": ("conda_build_config.yaml", "numpy:\n  - 3.8\n"),
    "rust.abi3": ("Cargo.toml", '[dependencies]\nclap = "3.8"\n'),
    "rust.requires-python": ("Cargo.toml", '[package.metadata.maturin]\nname = "py38"\n'),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">=3.8", ">=3.10"),
        (">= 3.8", ">= 3.10"),
        (">=3.8.1", ">=3.10"),
        (">=3.8,<4", ">=3.10,<4"),
        (">=3.8,<3.12", ">=3.10,<3.13"),
        (">=3.8,<=3.11", ">=3.10,<=3.12"),
        ("~=3.8", "~=3.10"),
        ("==3.8.*", "==3.10.*"),
        (">=3.8, !=3.9.0, <4", ">=3.10, !=3.9.0, <4"),
        ("<4,>=3.8", "<4,>=3.10"),
    ],
)
def test_a_specifier_keeps_its_form(before, after):
    line = '[project]\nrequires-python = "{}"\n'
    check_rewrite("pyproject.toml", line.format(before), line.format(after))


def test_quotes_and_one_line_lists_stay_as_they_are():
    check_rewrite(
        "setup.py",
        "setup(classifiers=['Programming Language :: Python :: 3.9', 'Programming Language :: Python :: 3.11'])\n",
        "setup(classifiers=['Programming Language :: Python :: 3.10', 'Programming Language :: Python :: 3.11',"
        " 'Programming Language :: Python :: 3.12'])\n",
    )


def test_a_dependency_that_is_called_like_python_keeps_its_version():
    text = '[tool.poetry.dependencies]\npython-decouple = "3.8"\nasgiref = "3.8.1"\nredis = {version = "3.9"}\n'
    assert not found("pyproject.toml", text)
