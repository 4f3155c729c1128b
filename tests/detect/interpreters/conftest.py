import pytest
from machines import MAC, WINDOWS, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path.resolve())


@pytest.fixture
def mac(tmp_path):
    return Machine(tmp_path.resolve(), MAC)


@pytest.fixture
def windows(tmp_path):
    machine = Machine(tmp_path.resolve(), WINDOWS)
    machine.env["APPDATA"] = str(machine.home / "AppData/Roaming")
    machine.env["LOCALAPPDATA"] = str(machine.home / "AppData/Local")
    return machine
