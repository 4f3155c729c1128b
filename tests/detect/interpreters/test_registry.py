import sys
import types

from machines import PE_32

from bootstrap.detect.interpreters.registry import Key, read_registry_key


def test_the_registry_is_read_as_pep_514_says(windows):
    executable = windows.windows_python("Python312", "3.12.1", names=("python.exe", "python3.exe"))
    windows.register("HKCU", "PythonCore", "3.12", {"": str(executable.parent), "ExecutablePath": str(executable)})
    windows.windows_python("Python311", "3.11.4", header=PE_32)
    windows.register("HKLM", "PythonCore", "3.11-32", {"": str(windows.root / "Python311") + "/"}, view=32)
    windows.windows_python("Contoso", "3.10.9")
    windows.register("HKLM", "Contoso", "snake", {"": f'"{windows.root / "Contoso"}"'}, SysVersion="3.10")
    windows.windows_python("launcher", "3.9.1")
    windows.register("HKLM", "PyLauncher", "3.9", {"": str(windows.root / "launcher")})
    windows.register("HKLM", "PythonCore", "3.8", {"": str(windows.root / "uninstalled")})
    windows.register("HKLM", "PythonCore", "3.7", None)
    windows.register("HKLM", "PythonCore", "3.6", {"": "relative"})
    found = windows.find()
    assert [(each.version, each.source, each.architecture) for each in found] == [
        ("3.12.1", "registry", "x86_64"),
        ("3.11.4", "registry", "x86"),
        ("3.10.9", "registry", "x86_64"),
    ]
    assert found[0].executable == executable
    assert windows.starts.started == []


def test_the_registered_version_helps_where_headers_are_missing(windows):
    windows.windows_python("Python312", "3.12.1")
    (windows.root / "Python312/include/patchlevel.h").unlink()
    windows.register("HKCU", "PythonCore", "3.12", {"": str(windows.root / "Python312")}, Version="3.12.1")
    assert [each.version for each in windows.find()] == ["3.12.1"]
    assert windows.starts.started == []


def test_the_registry_of_windows_is_read_through_winreg(monkeypatch):
    values = [("", r"C:\Python312", 1), ("Number", 7, 4)]

    class Handle:
        def __enter__(self):
            return self

        def __exit__(self, *exception):
            return None

    def open_key(root, path, reserved, access):
        if path == "missing":
            raise FileNotFoundError
        assert (root, path, reserved, access) == ("machine", r"Software\Python", 0, 1 | 512)
        return Handle()

    fake = types.SimpleNamespace(
        HKEY_CURRENT_USER="user",
        HKEY_LOCAL_MACHINE="machine",
        KEY_READ=1,
        KEY_WOW64_64KEY=256,
        KEY_WOW64_32KEY=512,
        OpenKeyEx=open_key,
        QueryInfoKey=lambda key: (2, 2, 0),
        EnumValue=lambda key, index: values[index],
        EnumKey=lambda key, index: ("PythonCore", "Contoso")[index],
    )
    monkeypatch.setitem(sys.modules, "winreg", fake)
    assert read_registry_key("HKLM", r"Software\Python", 32) == Key({"": r"C:\Python312"}, ("PythonCore", "Contoso"))
    assert read_registry_key("HKCU", "missing", 64) is None


def test_there_is_no_registry_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "winreg", None)
    assert read_registry_key("HKCU", r"Software\Python", 64) is None
