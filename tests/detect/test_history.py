"""What git tells of a repository's past."""

import os
import subprocess
from datetime import UTC, datetime

from bootstrap.detect.history import last_commit


def commit(root, when):
    env = {**os.environ, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], cwd=root, env=env, check=True)


def test_the_time_of_the_checked_out_commit_is_known(checkout):
    commit(checkout, "2020-01-31T12:00:00+02:00")
    assert last_commit(checkout, dict(os.environ)) == datetime(2020, 1, 31, 10, tzinfo=UTC)
    commit(checkout, "2021-01-31T12:00:00Z")
    assert last_commit(checkout, dict(os.environ)).year == 2021


def test_without_a_commit_or_a_repository_nothing_is_known(checkout, tmp_path):
    assert last_commit(checkout, dict(os.environ)) is None
    assert last_commit(tmp_path, {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}) is None


def test_without_git_nothing_is_known(checkout, tmp_path):
    assert last_commit(checkout, {"PATH": str(tmp_path)}) is None
