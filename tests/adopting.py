"""What the tests of the writers share: files in, files out, and that a second time nothing is left to do.

Each pyproject.toml that any of them writes has to be valid, unless it was not before.
"""

import functools
import tomllib

from validate_pyproject.api import Validator
from validate_pyproject.errors import ValidationError

from bootstrap.adopt.model import Draft, Remark, Tree, Wishes
from bootstrap.policy import Policy

WISHES = Wishes(Policy((3, 11), (3, 12), ((3, 11), (3, 12), (3, 13))))
BOM = b"\xef\xbb\xbf"


def tree(files):
    """Return the tree of files, given as text or bytes by their paths."""
    data = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return Tree(tuple(sorted(data)), data.get)


@functools.cache
def _validator():
    return Validator()


def fault(content):
    """Return why a pyproject.toml is not valid; nothing where it is, or where it is no TOML at all."""
    try:
        _validator()(tomllib.loads(content.decode("utf-8-sig")))
    except ValidationError as error:
        return error.summary
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return "it is no TOML"
    return ""


def written(writer, files, wishes=WISHES):
    """Return the files that the writer changes, as bytes, and what it leaves to a person."""
    made = list(writer(tree(files), wishes))
    drafts = {one.path: one.after for one in made if isinstance(one, Draft)}
    if "pyproject.toml" in drafts and not fault(tree(files).read("pyproject.toml") or b""):
        assert fault(drafts["pyproject.toml"]) == ""
    assert len(drafts) == sum(isinstance(one, Draft) for one in made), "a file was drafted twice"
    again = list(writer(tree({**files, **drafts}), wishes))
    assert [one for one in again if isinstance(one, Draft)] == [], "it was not done the first time"
    return drafts, [one for one in made if isinstance(one, Remark)]


def adopted(writer, path, text, others=None):
    """Return a file as it will be; the text itself where nothing is to be done."""
    drafts, _ = written(writer, {**(others or {}), path: text})
    return drafts.get(path, text.encode()).decode()


def remarks(writer, files):
    """Return the reasons for which nothing was written, by their paths."""
    drafts, left = written(writer, files)
    assert drafts == {}
    return {one.path: one.reason for one in left}


def check(writer, path, before, after, others=None):
    """Assert what becomes of a file: with LF and CRLF, with a BOM, and without a last line end."""
    assert adopted(writer, path, before, others) == after
    assert adopted(writer, path, before.replace("\n", "\r\n"), others) == after.replace("\n", "\r\n")
    bom = BOM.decode()
    assert adopted(writer, path, bom + before, others) == bom + after
    assert adopted(writer, path, before.rstrip("\n"), others) == after.rstrip("\n")
