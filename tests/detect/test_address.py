"""An address is a folder's, whichever of its characters are escaped."""

from pathlib import Path

import pytest

from bootstrap.detect.address import is_address_of


@pytest.mark.parametrize(
    "address",
    [
        "file:///home/ada/c++/größe (1)",
        "file:///home/ada/c%2B%2B/gr%C3%B6%C3%9Fe%20%281%29",
        "file:///home/ada/c++/gr%C3%B6%C3%9Fe%20(1)/",
    ],
)
def test_what_is_escaped_does_not_matter(address):
    assert is_address_of(Path("/home/ada/c++/größe (1)"), address)


@pytest.mark.parametrize(
    "address", ["", "file:///home/ada", "file:///home/ada/c", "/home/ada/c++", "https://example.com/home/ada/c++"]
)
def test_another_address_is_not_the_folder_s(address):
    assert not is_address_of(Path("/home/ada/c++"), address)
