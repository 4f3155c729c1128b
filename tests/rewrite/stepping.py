"""Steps written as words, carried out on the first list of a file: what the rules would decide does not matter here."""

from rewriting import minor, policy

from bootstrap.decide import Add, Decision, Drop, Move
from bootstrap.policy import Transition
from bootstrap.rewrite import rewrite
from bootstrap.sites.locate import locate
from bootstrap.sites.phrase import Kind

CHANGE = Transition(policy("3.8 3.9"), policy("3.8 3.9"))
WORKFLOW = ".github/workflows/test.yml"


def in_matrix(text):
    """Return a workflow with the text, indented, in its matrix."""
    lines = "".join(f"        {line}\n" if line else "\n" for line in text.strip("\n").split("\n"))
    return f"on: push\njobs:\n  test:\n    strategy:\n      matrix:\n{lines}    runs-on: ubuntu-latest\n"


def decided(path, text, words):
    """Return the site of the first list of a file, with the steps: `-3.8`, `3.8>3.9`, `3.11+3.12`, `3.12<+3.11`."""
    site = next(one for one in locate(path, text.encode()) if one.group.kind is Kind.LIST)
    return site, Decision(tuple(step for word in words.split() for step in _steps(site.group.items, word)))


def _steps(items, word):
    if word.startswith("-"):
        return [Drop(item) for item in _naming(items, word[1:])]
    if "<+" in word:
        new, like = word.split("<+")
        return [Add(item, minor(new), is_before=True) for item in _naming(items, like)[:1]]
    if "+" in word:
        like, new = word.split("+")
        return [Add(item, minor(new)) for item in _naming(items, like)[-1:]]
    old, new = word.split(">")
    return [Move(token, minor(new)) for item in _naming(items, old) for token in item.tokens]


def _naming(items, version):
    return [item for item in items if item.tokens and item.tokens[0].minor == minor(version)]


def after(path, text, words, change=CHANGE):
    """Return the file with the steps carried out."""
    return rewrite(text.encode(), [decided(path, text, words)], change).decode()


def check_steps(path, before, words, wanted):
    """Assert that the steps give `wanted`: with LF and CRLF, behind a BOM, and without a last line end."""
    assert after(path, before, words) == wanted
    assert after(path, before.replace("\n", "\r\n"), words) == wanted.replace("\n", "\r\n")
    assert after(path, before.removesuffix("\n"), words) == wanted.removesuffix("\n")
    bom = "\N{ZERO WIDTH NO-BREAK SPACE}"
    if not path.endswith((".ini", ".cfg")):
        assert after(path, bom + before, words) == bom + wanted


def check_matrix(before, words, wanted):
    """Assert what becomes of a list in a workflow."""
    check_steps(WORKFLOW, in_matrix(before), words, in_matrix(wanted))
