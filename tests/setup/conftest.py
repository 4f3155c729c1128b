"""What the tests of the sources share: a repository of written files, read as set-up reads it."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository


@pytest.fixture
def told(write):
    """Return a function that asks a source (`needs_of`) about a repository of these files."""

    def ask(source, files):
        root = write(files)
        return source(detect_repository(root), Reader(root))

    return ask
