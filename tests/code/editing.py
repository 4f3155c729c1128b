"""What the tests of the code's own edits share: text in, text out, under every kind of line end."""


def check_edit(edit, before, after):
    """Assert that an edit gives `after`: with LF and CRLF, without a last line end, and done twice."""
    assert edit(before) == after
    assert edit(before.replace("\n", "\r\n")) == after.replace("\n", "\r\n")
    assert edit(after) == after
    assert edit(before.rstrip("\n")).rstrip("\n") == after.rstrip("\n")
