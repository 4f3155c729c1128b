"""pytest's complaints, and the plugins that they are about."""

import pytest

from bootstrap.proof.plugins import OPTIONS, SETTINGS, demanded

USAGE = "ERROR: usage: __main__.py [options] [file_or_dir] [file_or_dir] [...]\n"


@pytest.mark.parametrize(("option", "plugin"), [(option, plugin) for option, plugin in OPTIONS if plugin])
def test_every_option_is_known_with_and_without_a_value(option, plugin):
    head = f"{USAGE}__main__.py: error: unrecognized arguments: "
    assert demanded(f"{head}{option}\n  inifile: /x/pytest.ini\n") == (plugin,)
    assert demanded(f"{head}{option}=3\n") == (plugin,)


@pytest.mark.parametrize(("setting", "plugin"), [(name, plugin) for name, plugin in SETTINGS.items() if plugin])
def test_every_setting_is_known(setting, plugin):
    assert demanded(f"PytestConfigWarning: Unknown config option: {setting}\n") == (plugin,)
    assert demanded(f"ERROR: Unknown config ini keys: {setting.upper()}, other\n") == (plugin,)


@pytest.mark.parametrize(
    ("words", "plugins"),
    [
        ("--cov=shop --cov-report=xml --timeout 30", ("pytest-cov", "pytest-timeout")),
        ("-n 4", ("pytest-xdist",)),
        ("-nauto", ("pytest-xdist",)),
        ("-n8 --dist=loadfile", ("pytest-xdist",)),
        ("--mypy-ini-file=x", ("pytest-mypy-plugins",)),
        ("--mypy-ignore", ("pytest-mypy",)),
        ("--sw-skip", ()),
        ("--covers", ()),
        ("--strange tests", ()),
        ("-nothing", ()),
    ],
)
def test_several_words_name_each_plugin_once(words, plugins):
    assert demanded(f"__main__.py: error: unrecognized arguments: {words}\n") == plugins


def test_a_plugin_that_is_required_or_imported_by_name_is_demanded():
    assert demanded("ERROR: Missing required plugins: pytest-cov, pytest-xdist>=3\n") == (
        "pytest-cov",
        "pytest-xdist>=3",
    )
    assert demanded('ImportError: Error importing plugin "pytest_cov": No module named') == ("pytest-cov",)
    assert demanded('ImportError: Error importing plugin "tests.plugin": No module named') == ()


@pytest.mark.parametrize("output", ["", "3 tests collected", "ModuleNotFoundError: No module named 'pytest_cov'"])
def test_a_complaint_of_something_else_demands_none(output):
    assert demanded(output) == ()
