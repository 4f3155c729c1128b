"""A repository's files in, its code for a new floor out; with a real ruff."""

import pytest

from bootstrap.code.draft import Repository, draft, renewed
from bootstrap.code.ruff import without_new_unused
from bootstrap.commands import Tools
from bootstrap.errors import StepError
from bootstrap.modernize import NOTHING, propose
from bootstrap.policy import Policy, Transition
from bootstrap.process import Completed
from bootstrap.survey import Survey

TOOLS = Tools("uv", {}, None, {"UV_DEFAULT_INDEX": "https://index.example/simple"})
POLICY = Policy((3, 11), (3, 12), ((3, 11), (3, 12)))

BEFORE = """\
# -*- coding: utf-8 -*-
import os
import sys
from typing import Dict, List, Optional

if sys.version_info >= (3, 8):
    # in the standard library
    from importlib import metadata
else:
    import importlib_metadata as metadata

try:
    import tomllib
except ImportError:
    import tomli as tomllib

print(os, metadata, tomllib)


class Shop(object):
    def prices(self, of: Optional[List[str]] = None) -> Dict[str, int]:
        return super(Shop, self).prices(of)
"""
AFTER = """\
import os

# in the standard library
from importlib import metadata

import tomllib

print(os, metadata, tomllib)


class Shop:
    def prices(self, of: list[str] | None = None) -> dict[str, int]:
        return super().prices(of)
"""


def after(files, takes=lambda _: True, floor=(3, 11)):
    """Return what becomes of files, and the whole answer."""
    data = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    found = Survey(())
    policy = POLICY._replace(minimum=floor)
    answer = draft(
        Repository(list(data), data.get, found, propose(found, Transition(policy, policy), NOTHING), floor),
        TOOLS,
        takes,
    )
    return {change.path: change.after for change in answer.changes}, answer


def test_code_for_old_pythons_becomes_code_for_the_floor():
    changed, answer = after({"shop.py": BEFORE})
    assert changed["shop.py"].decode() == AFTER
    assert answer.changes[0].before == BEFORE.encode()
    assert [(one.code, one.line) for one in answer.findings] == [("C101", 6), ("C103", 10), ("C102", 12), ("C103", 15)]
    assert {one.hint for one in answer.findings} == {"this change takes it out"}
    assert after({"shop.py": AFTER})[1] == ((), (), ())


def test_line_ends_and_the_byte_order_mark_stay():
    crlf = BEFORE.replace("\n", "\r\n").encode()
    assert after({"shop.py": crlf})[0]["shop.py"] == AFTER.replace("\n", "\r\n").encode()
    assert after({"shop.py": b"\xef\xbb\xbf" + crlf})[0]["shop.py"].startswith(b"\xef\xbb\xbfimport os\r\n")


def test_imports_that_nothing_used_before_are_somebody_s_business():
    before = "from typing import Any\nfrom typing import List\nimport sys\n\nx: List[int] = []\n"
    after = "from typing import Any\nimport sys\n\nx: list[int] = []\n"
    assert renewed({"__init__.py": before}, {}, (3, 11), TOOLS, frozenset()) == {"__init__.py": after}


def test_an_import_statement_that_holds_more_than_was_used_is_left_as_it_is():
    texts = {"a.py": "from typing import Any, List\nx: List[int] = []\n"}
    assert renewed(texts, {}, (3, 11), TOOLS, frozenset()) == {"a.py": texts["a.py"].replace(": List", ": list")}


@pytest.mark.parametrize(
    ("imports", "left"),
    [
        ("from typing import List\nfrom typing import Optional\n", ""),
        ("from typing import (\n    List,\n    Optional,  # two\n)\n", ""),
        ("from typing import (\n    Any,\n    List,\n    Optional,\n)\n", "from typing import (\n    Any,\n)\n"),
        ("from typing import List, Any, Optional\n", "from typing import Any\n"),
        ("import os\n\nfrom typing import List, Optional\n\nimport re\n", "import os\n\nimport re\n"),
    ],
)
def test_only_what_became_unused_is_taken_out_of_imports(imports, left):
    use, used = "y: List[Optional[int]] = []\nprint(Any, os, re)\n", "y: list[int | None] = []\nprint(Any, os, re)\n"
    changed = renewed({"a.py": imports + use}, {}, (3, 11), TOOLS, frozenset())
    assert changed["a.py"] == left + used


def test_nothing_is_taken_out_where_nothing_became_unused():
    texts = {"a.py": "import os\n"}
    assert without_new_unused(texts, texts, TOOLS) == {}


def test_annotations_change_only_where_the_floor_can_evaluate_them():
    text = "from __future__ import annotations\nfrom typing import Optional, List\nx: Optional[List[int]] = None\n"
    assert renewed({"a.py": text}, {}, (3, 8), TOOLS, frozenset()) == {}
    assert renewed({"a.py": text}, {}, (3, 9), TOOLS, frozenset()) == {}
    assert renewed({"a.py": text}, {}, (3, 10), TOOLS, frozenset())["a.py"].endswith("x: list[int] | None = None\n")


@pytest.mark.parametrize("text", ['x: "Optional[int]" = None\n', "class A:\n    def f(self) -> 'A': ...\n"])
def test_quoted_annotations_stay_quoted(text):
    changed = renewed({"a.py": f"from __future__ import annotations\n{text}"}, {}, (3, 14), TOOLS, frozenset())
    assert changed == {}


def test_what_the_repository_leaves_out_stays_out():
    old = "import sys\nx = open('a', 'r')\nif sys.version_info >= (3, 8):\n    y = u'b'\n"
    settings = {
        "pyproject.toml": '[tool.ruff]\nextend-exclude = ["gen"]\nshow-source = true\n'
        '[tool.ruff.lint]\nignore = ["UP015"]\n[tool.ruff.lint.per-file-ignores]\n"kept.py" = ["UP"]\n',
        "part/ruff.toml": 'lint.ignore = ["UP036"]\n',
    }
    files = {**settings, **dict.fromkeys(("a.py", "gen/a.py", "kept.py", "part/a.py"), old)}
    changed, _ = after(files)
    assert {path: text.decode() for path, text in changed.items()} == {"a.py": "x = open('a', 'r')\ny = 'b'\n"}


def test_a_module_may_ask_to_be_left_alone():
    assert after({"a.py": f"# ruff: noqa\n{BEFORE}"})[0] == {}
    assert after({"a.py": "import sys\nif sys.version_info >= (3, 8):  # devstrap: ignore\n    x = 1\n"})[0] == {}


def test_files_can_be_chosen():
    files = {"a.py": "x = u'a'\n", "b.py": "x = u'a'\n"}
    assert list(after(files, lambda path: path == "b.py")[0]) == ["b.py"]


def test_requirements_for_older_pythons_are_told():
    _, answer = after({"requirements.txt": 'tomli; python_version < "3.11"\n'})
    assert [(one.code, one.path, one.line) for one in answer.findings] == [("C104", "requirements.txt", 1)]


def test_uv_fetches_the_ruff_that_is_pinned_from_the_index_that_pip_uses(local_ruff):
    from bootstrap.code.ruff import VERSION

    after({"a.py": "x = u'a'\n"})
    assert {argv[argv.index("--from") + 1] for argv in local_ruff} == {f"ruff=={VERSION}"}
    assert {argv[:3] for argv in local_ruff} == {("uv", "tool", "run")}


def test_without_a_ruff_nothing_is_said_to_be_fine(monkeypatch):
    from bootstrap.code import ruff

    failed = Completed(("uv", "tool", "run"), 1, "", "error: Failed to fetch: `x`\n  cause: dns error")
    monkeypatch.setattr(ruff, "run", lambda *_words, **_options: failed)
    with pytest.raises(StepError, match="could not run ruff") as caught:
        after({"a.py": "x = u'a'\n"})
    assert "network" in caught.value.remedy
