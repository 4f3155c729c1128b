"""Which folders are parts: on the disk, and among files that are only thought of."""

import pytest

from bootstrap.detect import parts


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (("requirements.txt", "a.py"), ()),
        (("a/requirements.txt", "b/setup.py", "c/x.py"), ("a", "b")),
        (("a/requirements/dev.txt", "b/Pipfile"), ("a", "b")),
        (
            ("libs/core/pyproject.toml", "libs/core/sub/setup.py", "libs/core-two/setup.cfg"),
            ("libs/core", "libs/core-two"),
        ),
        (("a/b/c/setup.py", "a/b/d/e/setup.py"), ("a/b/c",)),
        ((".a/setup.py", "docs/setup.py", "a/tests/setup.py", "{{ name }}/setup.py", "a/examples/b/setup.py"), ()),
    ],
)
def test_both_find_the_same(files, found, write):
    assert parts.among(files) == found
    assert parts.find(write(dict.fromkeys(files, ""))) == found
