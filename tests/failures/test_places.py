"""Where a requirement is found in the files of a repository."""

import pytest

from bootstrap.failures.places import Places

REQUIREMENTS = ("uv", "pip", "install", "--requirements", "requirements.txt")


@pytest.mark.parametrize(
    ("files", "wanted", "where"),
    [
        ({"requirements.txt": "alpha\nbeta>=2\n"}, "beta>=2", ["requirements.txt:2"]),
        ({"requirements.txt": "alpha\nbeta >= 2 ; python_version > '3'\n"}, "beta>=2", ["requirements.txt:2"]),
        ({"requirements.txt": "alpha\nBeta.Tools==1 --hash=sha256:1\n"}, "beta-tools==1", ["requirements.txt:2"]),
        ({"requirements.txt": "alpha # beta\n#beta\n"}, "beta", []),
        ({"requirements.txt": "alphabet\nalpha\n"}, "alpha>=1", ["requirements.txt:2"]),
        ({"requirements.txt": "alpha<3\nalpha>=1\n"}, "alpha>=1", ["requirements.txt:2"]),
        ({"requirements.txt": "-c pins.txt\n", "pins.txt": "alpha==1\n"}, "alpha", ["pins.txt:1"]),
        (
            {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["alpha>=1", "beta"]\n'},
            "beta",
            ["pyproject.toml:3"],
        ),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nalpha = "^1"\n'}, "alpha>=1,<2", ["pyproject.toml:2"]),
        ({"pyproject.toml": '[project]\ndescription = "alpha made easy"\n'}, "alpha", []),
        ({"pyproject.toml": '[build-system]\nbuild-backend = "alpha"\n'}, "alpha", []),
        ({"setup.py": "setup(\n    install_requires=['alpha>=1'],\n)\n"}, "alpha>=1", ["setup.py:2"]),
        ({"setup.cfg": "[options]\ninstall_requires =\n    alpha>=1\n"}, "alpha>=1", ["setup.cfg:3"]),
        ({"environment.yml": "dependencies:\n  - pip:\n    - alpha==1\n"}, "alpha==1", ["environment.yml:3"]),
        ({"Pipfile": '[packages]\nalpha = "*"\n'}, "alpha", ["Pipfile:2"]),
    ],
)
def test_a_requirement_is_found_where_it_is_written(write, files, wanted, where):
    found = Places(write(files), ".", REQUIREMENTS).of(wanted)
    assert [one.where for one in found] == where


@pytest.mark.parametrize(
    ("lock", "text"),
    [
        ("uv.lock", 'version = 1\n\n[[package]]\nname = "alpha"\n'),
        ("poetry.lock", '[metadata]\n\n[[package]]\nname = "Alpha"\n'),
        ("Pipfile.lock", '{\n  "default": {\n\n    "alpha": {\n'),
    ],
)
def test_what_only_a_lock_names_is_found_there(write, lock, text):
    places = Places(write({lock: text, "pyproject.toml": '[project]\nname = "x"\ndependencies = ["beta"]\n'}))
    assert [one.where for one in places.of("alpha==1.0")] == [f"{lock}:4"]
    assert [one.where for one in places.of("beta==1.0")] == ["pyproject.toml:3"]


def test_paths_are_told_from_the_root_wherever_the_command_ran(write):
    root = write({"requirements/dev.txt": "-r base.txt\n", "requirements/base.txt": "alpha\n"})
    places = Places(root, "requirements", ("--requirements", "dev.txt"))
    assert [one.where for one in places.of("alpha")] == ["requirements/base.txt:1"]


def test_a_position_in_a_file_is_the_line_of_what_begins_there(write):
    root = write({"requirements.txt": "alpha\n\n\nbeta ==\ngamma\n"})
    assert Places(root).at("requirements.txt", 6).where == "requirements.txt:4"
    assert Places(root).at("requirements.txt", 6).text == "beta =="


def test_a_file_that_is_not_there_or_a_root_that_nobody_named_gives_no_place(write):
    assert Places(write({})).of("alpha") == []
    assert Places().of("alpha") == []
    assert Places().of_words("alpha") is None
    assert Places(write({})).at("gone.txt", 4).line == 1
