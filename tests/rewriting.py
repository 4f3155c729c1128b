"""What the tests of the second job share: text in, text out, under every kind of line end."""

from bootstrap.decide import decide
from bootstrap.errors import MalformedFileError
from bootstrap.policy import Policy, Transition
from bootstrap.rewrite import rewrite
from bootstrap.sites.locate import locate

OLD = "3.8 3.9 3.10 3.11"
NEW = "3.10 3.11 3.12"


def policy(versions, default=None):
    """Return the policy that supports the versions in a line such as `3.9 3.10`; the newest is the usual default."""
    supported = tuple(tuple(map(int, version.split("."))) for version in versions.split())
    return Policy(supported[0], minor(default) if default else supported[-1], supported)


def minor(text):
    return tuple(map(int, text.split(".")[:2]))


def modernized(path, text, *, old=OLD, new=NEW, old_default=None, default=None, with_entries=True, mends=False):
    """Return `text`, the content of the file `path`, after the change from one set of versions to another."""
    data = text if isinstance(text, bytes) else text.encode()
    change = Transition(
        policy(old, old_default),
        policy(new, default),
        has_default=default is not None,
        with_entries=with_entries,
        mends=mends,
    )
    decisions = [(site, decide(site, change)) for site in locate(path, data)]
    after = rewrite(data, decisions, change)
    return after if isinstance(text, bytes) else after.decode()


def check_rewrite(path, before, after, **change):
    """Assert that modernizing gives `after`: with LF and CRLF, with a BOM, without a last line end, and done twice."""
    assert modernized(path, before, **change) == after
    assert modernized(path, before.replace("\n", "\r\n"), **change) == after.replace("\n", "\r\n")
    assert modernized(path, after, **change) == after
    assert modernized(path, before.rstrip("\n"), **change) == after.rstrip("\n")
    bom = "\N{ZERO WIDTH NO-BREAK SPACE}"
    try:
        assert modernized(path, bom + before, **change) == bom + after
    except MalformedFileError:
        assert path.endswith((".ini", ".cfg"))  # configparser takes none


def found(path, text):
    """Return what is declared in a file, as (kind, line, value)."""
    data = text if isinstance(text, bytes) else text.encode()
    return [(site.declaration.id, site.line, site.value) for site in locate(path, data)]
