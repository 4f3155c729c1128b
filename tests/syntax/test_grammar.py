"""Parsers without what the packages of their grammars load."""

import subprocess
import sys

import pytest

from bootstrap.syntax import grammar

GRAMMARS = ("tree_sitter_json", "tree_sitter_toml", "tree_sitter_yaml")


@pytest.mark.parametrize("package", GRAMMARS)
def test_there_is_one_parser_for_each_grammar(package):
    assert grammar.parser(package) is grammar.parser(package)
    assert not grammar.parser(package).parse(b"").root_node.has_error


def test_what_the_packages_import_for_editors_is_not_loaded():
    code = (
        "import sys\nfrom bootstrap.syntax import grammar\n"
        f"for name in {GRAMMARS}: grammar.parser(name)\n"
        "assert not {'importlib.resources', 'inspect', 'tempfile'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_package_that_is_built_in_another_way_is_imported_as_a_whole(tmp_path, monkeypatch):
    (tmp_path / "tree_sitter_else.py").write_text("def language(): return 'it'\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert grammar._binding("tree_sitter_else").language() == "it"
