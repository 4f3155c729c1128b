"""A member of a workspace is installed from the workspace's lock, by the rules by which uv knows its members."""

import pytest

from bootstrap.detect.repository import Reader, detect_repository
from bootstrap.setup import dependencies

MEMBER = '[project]\nname = "part"\nversion = "1"\n'
WORKSPACE = "[tool.uv.workspace]\n"


@pytest.fixture
def of_member(write):
    """Return what is recognised in the folder `packages/part` of a workspace, with the files that it has read."""

    def recognise(workspace, member=MEMBER, files=None):
        root = write(
            {"pyproject.toml": workspace, "uv.lock": "", "packages/part/pyproject.toml": member, **(files or {})}
        )
        read = Reader(root / "packages" / "part")
        return dependencies.recognise(detect_repository(read.root), read), read.seen

    return recognise


@pytest.mark.parametrize(
    "lines",
    [
        'members = ["packages/*"]',
        'members = ["packages/part"]',
        'members = ["other", "./packages/p?[r]t/"]',
        'members = ["**/part"]',
        'members = ["packages/part/**"]',
        'members = ["packages/*"]\nexclude = ["packages/other"]',
    ],
)
def test_a_member_is_synced_from_the_lock_of_its_workspace(of_member, lines):
    found, seen = of_member(WORKSPACE + lines)
    assert (found.manager, found.title) == ("uv", "../../uv.lock")
    assert [(run.cwd, " ".join(run.argv)) for run in found.installs] == [(".", "uv sync --frozen --inexact")]
    assert ("UV_PROJECT_ENVIRONMENT", "{target}") in found.installs[0].env
    # A receipt goes by what was read.
    assert {"../pyproject.toml", "../../pyproject.toml", "../../uv.lock"} <= seen


@pytest.mark.parametrize(
    "workspace",
    [
        "",
        MEMBER,
        WORKSPACE,
        WORKSPACE + 'members = "packages/*"',
        WORKSPACE + 'members = ["*"]',
        WORKSPACE + 'members = ["packages/part/sub"]',
        WORKSPACE + 'members = ["packages/*"]\nexclude = ["packages/p*"]',
        "[tool.uv]\nworkspace = 3",
        "[tool]\nuv = 3",
        "no TOML",
    ],
)
def test_a_project_that_the_workspace_does_not_name_is_on_its_own(of_member, workspace):
    assert of_member(workspace)[0].manager == "pyproject"


@pytest.mark.parametrize(
    "member",
    [MEMBER + WORKSPACE, MEMBER + "[tool.uv]\nmanaged = false\n", '[build-system]\nrequires = ["hatchling"]\n'],
)
def test_a_project_that_is_no_member_by_its_own_word_is_on_its_own(of_member, member):
    assert of_member(WORKSPACE + 'members = ["packages/*"]', member)[0].manager == "pyproject"


def test_the_nearest_project_above_decides(of_member):
    found, _ = of_member(WORKSPACE + 'members = ["packages/*"]', files={"packages/pyproject.toml": MEMBER})
    assert found.manager == "pyproject"


def test_a_workspace_without_a_lock_has_none_to_go_by(write):
    root = write({"pyproject.toml": WORKSPACE + 'members = ["part"]', "part/pyproject.toml": MEMBER})
    assert dependencies.recognise(detect_repository(root / "part"), Reader(root / "part")).manager == "pyproject"


def test_a_lock_of_its_own_goes_before_that_of_the_workspace(of_member):
    found, _ = of_member(WORKSPACE + 'members = ["packages/*"]', files={"packages/part/uv.lock": ""})
    assert found.title == "uv.lock"


def test_a_member_reached_through_a_link_is_still_one(of_member, tmp_path):
    of_member(WORKSPACE + 'members = ["packages/*"]')
    (tmp_path / "alias").symlink_to(tmp_path / "packages" / "part")
    read = Reader(tmp_path / "alias")
    assert dependencies.recognise(detect_repository(read.root), read).title == "../../uv.lock"


def test_a_member_has_its_own_groups_and_the_workspace_s_conflicts(of_member):
    member = MEMBER + '[dependency-groups]\ndev = []\ntest = []\n[tool.uv]\ndefault-groups = ["test"]\n'
    workspace = "[tool.uv]\ndefault-groups = []\n" + WORKSPACE + 'members = ["packages/*"]\n'
    assert of_member(workspace, member)[0].installs[0].argv[4:] == ("--group", "dev")
    assert (
        of_member(workspace.replace("\n", "\nconflicts = [[{group = 'dev'}, {group = 'docs'}]]\n", 1), member)[0]
        .installs[0]
        .argv[4:]
        == ()
    )
