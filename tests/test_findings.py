"""What of a finding depends on how devstrap was started."""

import pytest

from bootstrap.findings import as_started
from bootstrap.model import Finding, Severity
from bootstrap.options import Options


@pytest.mark.parametrize(
    ("fix", "told"),
    [
        ("python bootstrap.py run uv lock", "python bootstrap.py --root part run uv lock"),
        ("devstrap", "python bootstrap.py --root part"),
        ("devstrapped", "devstrapped"),
        (None, None),
    ],
)
def test_a_command_in_a_finding_begins_as_devstrap_was_started(tmp_path, fix, told):
    options = Options("setup", tmp_path, started="python bootstrap.py --root part")
    finding = Finding("D201", Severity.ERROR, "stale", "renew it", fix=fix)
    assert as_started([finding], options) == (finding._replace(fix=told),)
