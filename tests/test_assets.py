"""The files that devstrap carries along, in a checkout and installed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bootstrap import assets
from bootstrap.setup.editors import _PARTS
from bootstrap.syntax import jsonc

ROOT = Path(__file__).parent.parent
TEMPLATE = "devcontainer/src/devstrap-python"


def test_a_checkout_has_them_beside_the_package():
    path = "templates/vscode/python/settings.json"
    assert assets.read(path) == (ROOT / path).read_bytes()


def test_an_installed_devstrap_has_them_in_the_package(tmp_path, monkeypatch):
    (tmp_path / "_assets/templates").mkdir(parents=True)
    (tmp_path / "_assets/templates/x.json").write_bytes(b"{}\r\n")
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path)
    assert assets.read("templates/x.json") == b"{}\r\n"


def test_a_missing_one_is_a_bug():
    with pytest.raises(FileNotFoundError):
        assets.read("templates/none.json")


def test_every_template_for_vscode_is_used_and_can_be_read():
    used = {f"{part.name}/{name}" for part in _PARTS for name in part.files}
    folder = ROOT / "templates/vscode"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")} == used
    for name in used:
        assert isinstance(jsonc.parse(assets.read(f"templates/vscode/{name}"), name), dict)


def test_the_devcontainer_template_is_as_the_specification_asks():
    about = json.loads(assets.read(f"{TEMPLATE}/devcontainer-template.json"))
    config = assets.read(f"{TEMPLATE}/.devcontainer/devcontainer.json").decode()
    assert about["id"] == Path(TEMPLATE).name
    assert {"version", "name", "description"} <= set(about)
    assert set(re.findall(r"\$\{templateOption:(\w+)\}", config)) == set(about["options"])
    assert about["options"]["pythonVersion"]["default"] in about["options"]["pythonVersion"]["proposals"]
