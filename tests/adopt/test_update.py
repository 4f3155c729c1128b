"""`init` run again on a real checkout, by a devstrap that writes something else than the one before."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from imaged import SERVICE
from test_init_command import FILES, WANTED, adopted, as_is_usual, contents, git, run, shop

from bootstrap import ask, assets, console
from bootstrap.adopt import record, renewal
from bootstrap.adopt.command import init
from bootstrap.adopt.workflow import PATH as WORKFLOW
from bootstrap.adopt.workflow import TEMPLATE
from bootstrap.errors import MalformedFileError
from bootstrap.flow.undo import undo
from bootstrap.model import Status

__all__ = ["shop"]

REAL = assets.read
SOURCE = Path(__file__).resolve().parents[2]
MINE = ("fail-fast: false", "fail-fast: true")
NEW = ("timeout-minutes: 15", "timeout-minutes: 20")
NEWEST = ("name: Quality", "name: What is agreed")


def newer(monkeypatch, *changes, wrapper=b""):
    """Have devstrap come with another template and another wrapper."""

    def read(name):
        data = REAL(name)
        for old, new in changes if name == TEMPLATE else ():
            assert old.encode() in data
            data = data.replace(old.encode(), new.encode())
        return data + wrapper if name == "bootstrap.py" else data

    monkeypatch.setattr(assets, "read", read)


def commit(root, message="more"):
    git(root, "add", "--all")
    git(root, "commit", "-qm", message)


def edit(root, old, new, path=WORKFLOW):
    before = (root / path).read_text("utf-8")
    assert old in before
    (root / path).write_text(before.replace(old, new), "utf-8")


def update(root, **options):
    return run(init, root, is_yes=True, **options)


def purposes(report):
    return {step.path: step.purpose for step in report.plan.steps}


def left(report):
    return {skip.what: skip.reason for skip in report.plan.skipped}


@pytest.fixture
def adopted_shop(shop):
    adopted(shop)
    commit(shop, "adopted")
    return shop


def test_what_nobody_touched_is_renewed_and_what_somebody_changed_is_merged(adopted_shop, monkeypatch):
    edit(adopted_shop, *MINE)
    commit(adopted_shop)
    before = contents(adopted_shop)
    newer(monkeypatch, NEW, wrapper=b"# newer\n")
    shown = update(adopted_shop, is_dry_run=True)
    assert contents(adopted_shop) == before
    report = update(adopted_shop)
    assert report.plan == shown.plan
    assert report.status is Status.READY
    assert purposes(report) == {
        "bootstrap.py": renewal.RENEWED,
        WORKFLOW: renewal.MERGED,
        record.PATH: "what devstrap wrote, for renewing it later",
    }
    after = contents(adopted_shop)
    assert after["bootstrap.py"] == before["bootstrap.py"] + b"# newer\n"
    assert after[WORKFLOW] == before[WORKFLOW].replace(NEW[0].encode(), NEW[1].encode())
    assert MINE[1].encode() in after[WORKFLOW]
    assert update(adopted_shop, is_dirty_allowed=True).status is Status.NOTHING_TO_DO
    run(undo, adopted_shop)
    assert contents(adopted_shop) == before


def test_an_update_is_made_in_any_clone_and_again_in_the_next(adopted_shop, tmp_path, monkeypatch):
    edit(adopted_shop, *MINE)
    commit(adopted_shop)
    wanted = (adopted_shop / WORKFLOW).read_text("utf-8")
    here = adopted_shop
    for number, changes in enumerate(((NEW,), (NEW, NEWEST)), 1):
        there = tmp_path / f"clone{number}"
        git(here, "clone", "-q", ".", str(there))
        newer(monkeypatch, *changes)
        assert purposes(update(there))[WORKFLOW] == renewal.MERGED
        commit(there)
        wanted = wanted.replace(*changes[-1])
        assert (there / WORKFLOW).read_text("utf-8") == wanted
        assert update(there).status is Status.NOTHING_TO_DO
        here = there


def test_a_shallow_clone_leaves_what_it_cannot_merge_and_renews_the_rest(adopted_shop, tmp_path, monkeypatch):
    edit(adopted_shop, *MINE)
    commit(adopted_shop)
    shallow = tmp_path / "shallow"
    git(adopted_shop, "clone", "-q", "--depth", "1", adopted_shop.as_uri(), str(shallow))
    newer(monkeypatch, NEW, wrapper=b"# newer\n")
    report = update(shallow)
    assert left(report)[WORKFLOW] == renewal.NO_BASE
    assert set(purposes(report)) == {"bootstrap.py", record.PATH}
    assert MINE[1] in (shallow / WORKFLOW).read_text("utf-8")
    # the clone with the whole history still can
    assert purposes(update(adopted_shop))[WORKFLOW] == renewal.MERGED


def test_changes_that_meet_are_left_and_told_each_time_until_somebody_says_null(adopted_shop, monkeypatch):
    edit(adopted_shop, NEW[0], "timeout-minutes: 5")
    commit(adopted_shop)
    before = contents(adopted_shop)
    newer(monkeypatch, NEW)
    line = before[WORKFLOW].decode().split("timeout-minutes: 5\n")[0].count("\n") + 1
    for _ in range(2):
        report = update(adopted_shop)
        assert (report.status, left(report)) == (Status.NOTHING_TO_DO, {WORKFLOW: renewal.CONFLICT.format(line)})
        assert contents(adopted_shop) == before
    said = record.read(before[record.PATH])[WORKFLOW].blob
    edit(adopted_shop, f'{{"devstrap": "0.1.0", "blob": "{said}"}}', "null", record.PATH)
    report = update(adopted_shop)
    assert (report.status, left(report)) == (Status.NOTHING_TO_DO, {})


def test_what_was_deleted_stays_deleted_without_a_word(adopted_shop, monkeypatch):
    for path in (WORKFLOW, "CONTRIBUTING.md", "bootstrap.py"):
        (adopted_shop / path).unlink()
    newer(monkeypatch, NEW, wrapper=b"# newer\n")
    assert update(adopted_shop).plan == ((), ())  # before it is committed
    commit(adopted_shop)
    assert update(adopted_shop).plan == ((), ())


def test_what_undo_took_away_is_offered_again(shop):
    adopted(shop)
    after = contents(shop)
    run(undo, shop, phases=("environment",))
    assert WORKFLOW not in contents(shop)
    assert update(shop, is_dirty_allowed=True).status is Status.READY
    made = (WORKFLOW, "CONTRIBUTING.md", record.PATH)
    assert {path: contents(shop)[path] for path in made} == {path: after[path] for path in made}


def test_the_record_is_undone_with_the_phase_that_it_was_written_in(adopted_shop, monkeypatch):
    before = contents(adopted_shop)
    newer(monkeypatch, NEW)
    assert set(purposes(update(adopted_shop))) == {WORKFLOW, record.PATH}
    run(undo, adopted_shop, phases=("environment",))
    assert contents(adopted_shop) == before


def test_a_phase_that_is_not_chosen_is_not_recorded(shop):
    adopted(shop, phases=("environment",))
    assert set(record.read(contents(shop)[record.PATH])) == {WORKFLOW, "CONTRIBUTING.md"}
    commit(shop)
    adopted(shop, phases=("foundation",))
    assert "bootstrap.py" in record.read(contents(shop)[record.PATH])


def test_a_file_that_is_not_agreed_to_is_not_recorded(shop, monkeypatch):
    shown = []
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_parts", as_is_usual)
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: shown.extend(pieces) or frozenset({"bootstrap.py"}))
    run(init, shop, **WANTED)
    assert record.PATH not in dict(map(reversed, shown))
    assert set(record.read(contents(shop)[record.PATH])) == {"bootstrap.py"}


def test_a_wrapper_that_somebody_copied_is_recorded_and_then_renewed(adopted_shop, monkeypatch):
    (adopted_shop / record.PATH).unlink()
    commit(adopted_shop, "as before there were records")
    assert set(purposes(update(adopted_shop))) == {record.PATH}
    commit(adopted_shop)
    newer(monkeypatch, wrapper=b"# newer\n")
    assert purposes(update(adopted_shop))["bootstrap.py"] == renewal.RENEWED


def stamped(content, digit):
    return content.replace(b'WHEEL_SHA256 = ""', b'WHEEL_SHA256 = "' + digit * 64 + b'"')


def test_a_wrapper_that_a_release_stamped_is_recorded_and_never_loses_its_stamp(adopted_shop, monkeypatch):
    wrapper = adopted_shop / "bootstrap.py"
    plain = wrapper.read_bytes()
    wrapper.write_bytes(stamped(plain, b"0"))
    (adopted_shop / record.PATH).unlink()
    commit(adopted_shop)
    assert set(purposes(update(adopted_shop))) == {record.PATH}
    assert record.read(contents(adopted_shop)[record.PATH])["bootstrap.py"].edits
    commit(adopted_shop)
    newer(monkeypatch, wrapper=b"# newer\n")
    assert purposes(update(adopted_shop))["bootstrap.py"] == renewal.MERGED
    assert wrapper.read_bytes() == stamped(plain, b"0") + b"# newer\n"
    commit(adopted_shop)
    # a new version stands on the line above the sum, which is of the old one
    change = (b'VERSION = "0.1.0"', b'VERSION = "0.2.0"')
    monkeypatch.setattr(
        assets, "read", lambda name: REAL(name).replace(*change) if name == "bootstrap.py" else REAL(name)
    )
    line = plain.partition(b"WHEEL_SHA256 = ")[0].count(b"\n") + 1
    assert left(update(adopted_shop)) == {"bootstrap.py": renewal.CONFLICT.format(line)}
    # whoever copies the new release over it is done
    wrapper.write_bytes(stamped(plain.replace(*change), b"1"))
    commit(adopted_shop)
    assert set(purposes(update(adopted_shop))) == {record.PATH}
    assert update(adopted_shop, is_dirty_allowed=True).status is Status.NOTHING_TO_DO


def test_only_the_record_can_be_agreed_to(adopted_shop, monkeypatch):
    (adopted_shop / record.PATH).unlink()
    commit(adopted_shop)
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    monkeypatch.setattr(ask, "choose_parts", as_is_usual)
    monkeypatch.setattr(ask, "choose_pieces", lambda _pieces: frozenset())
    assert run(init, adopted_shop).status is Status.DECLINED
    monkeypatch.setattr(ask, "choose_pieces", lambda pieces: frozenset(path for _, path in pieces))
    assert run(init, adopted_shop).status is Status.READY
    assert (adopted_shop / record.PATH).exists()


def test_what_came_beside_it_keeps_no_file_from_being_renewed(adopted_shop, write, monkeypatch):
    others = {
        "README.md": "# Shop\n\nNeeds Python 3.11 or newer. Run `python bootstrap.py`.\n\n```console\n$ make\n```\n",
        "docs/contributing.md": "# More\n\nRun bootstrap.py.\n",
        ".github/workflows/more.yml": "on: push\njobs:\n  more:\n    steps:\n    - run: pytest\n",
        ".gitlab-ci.yml": "more:\n  script: pytest\n",
    }
    write(others, adopted_shop)
    commit(adopted_shop)
    newer(monkeypatch, NEW)
    report = update(adopted_shop)
    assert {path: purposes(report).get(path) for path in (WORKFLOW, "CONTRIBUTING.md")} == {
        WORKFLOW: renewal.RENEWED,
        "CONTRIBUTING.md": renewal.RENEWED,  # it shows commands as the README does now
    }
    assert b"$ python bootstrap.py\n" in contents(adopted_shop)["CONTRIBUTING.md"]


def test_a_change_of_policy_renews_the_workflow_too(adopted_shop):
    edit(adopted_shop, *MINE)
    commit(adopted_shop)
    update(adopted_shop, minimum="3.11", default="3.13", supported=("3.11", "3.12", "3.13", "3.14"))
    text = (adopted_shop / WORKFLOW).read_text("utf-8")
    assert 'python-version: ["3.11", "3.12", "3.13", "3.14"]' in text
    assert MINE[1] in text


def test_a_folder_without_git_is_updated_from_what_devstrap_kept(write, tmp_path, monkeypatch):
    root = write({"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "a.py": ""}, tmp_path / "plain")
    adopted(root)
    edit(root, *MINE)
    newer(monkeypatch, NEW)
    assert purposes(update(root))[WORKFLOW] == renewal.MERGED
    assert MINE[1] in (root / WORKFLOW).read_text("utf-8")
    assert update(root).status is Status.NOTHING_TO_DO
    shutil.rmtree(root / ".devstrap" / "written")
    newer(monkeypatch, NEW, NEWEST)
    assert left(update(root))[WORKFLOW] == renewal.NO_BASE


def test_what_a_formatter_changed_before_the_first_commit_is_merged_where_it_was_adopted(shop, monkeypatch):
    adopted(shop)
    edit(shop, *MINE)
    commit(shop, "formatted and adopted")
    newer(monkeypatch, NEW)
    assert purposes(update(shop))[WORKFLOW] == renewal.MERGED


def test_a_repository_with_longer_ids_is_updated(write, tmp_path, monkeypatch):
    root = write({"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "a.py": ""}, tmp_path / "long")
    git(root, "init", "-q", "--object-format=sha256")
    adopted(root)
    edit(root, *MINE)
    commit(root)
    assert len(record.read(contents(root)[record.PATH])[WORKFLOW].blob) == 64
    newer(monkeypatch, NEW)
    assert purposes(update(root))[WORKFLOW] == renewal.MERGED


def test_line_ends_of_windows_are_no_change(adopted_shop, monkeypatch):
    for path in (WORKFLOW, "bootstrap.py", record.PATH):
        (adopted_shop / path).write_bytes((adopted_shop / path).read_bytes().replace(b"\n", b"\r\n"))
    commit(adopted_shop)
    assert update(adopted_shop).status is Status.NOTHING_TO_DO
    newer(monkeypatch, NEW, wrapper=b"# newer\n")
    report = update(adopted_shop)
    assert {purposes(report)[path] for path in (WORKFLOW, "bootstrap.py")} == {renewal.RENEWED}
    for data in (contents(adopted_shop)[path] for path in (WORKFLOW, "bootstrap.py", record.PATH)):
        assert data.count(b"\r\n") == data.count(b"\n")


def test_a_damaged_record_is_told_before_anything_is_asked_or_written(adopted_shop, monkeypatch):
    (adopted_shop / record.PATH).write_text("<<<<<<< ours\n")
    before = contents(adopted_shop)
    monkeypatch.setattr(console, "is_interactive", lambda *_streams: True)
    with pytest.raises(MalformedFileError, match="not what devstrap wrote"):
        run(init, adopted_shop)
    assert contents(adopted_shop) == before


def test_the_summary_says_what_was_renewed_merged_and_left(adopted_shop, tmp_path, monkeypatch):
    edit(adopted_shop, NEW[0], "timeout-minutes: 5")
    edit(adopted_shop, "import os", "# ours\nimport os", "bootstrap.py")
    commit(adopted_shop)
    newer(monkeypatch, NEW, wrapper=b"# newer\n")
    update(adopted_shop, summary=tmp_path / "pr.md")
    text = (tmp_path / "pr.md").read_text("utf-8")
    assert f"- update `bootstrap.py`: {renewal.MERGED}" in text
    assert f"- `{WORKFLOW}`: {renewal.CONFLICT.partition('{}')[0]}" in text


def test_a_newer_devstrap_updates_through_the_command_line(shop, tmp_path):
    """The whole package, copied and changed: nothing is simulated."""
    for name in ("bootstrap", "templates", "devcontainer"):
        shutil.copytree(SOURCE / name, tmp_path / "newer" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SOURCE / "bootstrap.py", tmp_path / "newer")
    edit(tmp_path / "newer", *NEW, TEMPLATE)
    edit(tmp_path / "newer", '__version__ = "0.1.0"', '__version__ = "0.2.0"', "bootstrap/__init__.py")
    edit(tmp_path / "newer", 'VERSION = "0.1.0"', 'VERSION = "0.2.0"', "bootstrap.py")

    def devstrap(source, *argv):
        command = (sys.executable, "-m", "bootstrap", *argv, "--root", str(shop))
        env = {**os.environ, "PYTHONPATH": str(source), "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    devstrap(SOURCE, "init", "--yes", "--supported", "3.11,3.12,3.13")
    commit(shop, "adopted")
    edit(shop, *MINE)
    commit(shop, "mine")
    before = contents(shop)
    assert f"-{' ' * 4}{NEW[0]}" in devstrap(tmp_path / "newer", "init", "--dry-run")
    assert contents(shop) == before
    told = devstrap(tmp_path / "newer", "init", "--yes")
    assert renewal.RENEWED in told
    assert renewal.MERGED in told
    after = contents(shop)
    assert after["bootstrap.py"] == before["bootstrap.py"].replace(b'VERSION = "0.1.0"', b'VERSION = "0.2.0"')
    assert MINE[1].encode() in after[WORKFLOW]
    assert NEW[1].encode() in after[WORKFLOW]
    assert {one.version for one in record.read(after[record.PATH]).values()} == {"0.1.0", "0.2.0"}
    assert "Nothing to do" in devstrap(tmp_path / "newer", "init", "--yes", "--allow-dirty")
    devstrap(tmp_path / "newer", "undo", "--yes")
    assert contents(shop) == before


# ---- what was written on wish ----------------------------------------------------------------------------------------


@pytest.fixture
def service(write, tmp_path, monkeypatch):
    """Return a clone, without memory of any wish, of a repository for which an image was written."""
    root = write({**SERVICE, "pyproject.toml": FILES["pyproject.toml"]}, tmp_path / "service")
    git(root, "init", "-q")
    commit(root, "as it was")
    adopted(root, image=True)
    commit(root, "adopted")
    git(tmp_path, "clone", "-q", str(root), "clone")

    def read(name):
        data = REAL(name)
        if name == "templates/docker/run-service.Dockerfile":
            data = data.replace(b"--uid 10001", b"--uid 10002")
        return data + b"*.orig\n" if name == "templates/docker/dockerignore" else data

    monkeypatch.setattr(assets, "read", read)
    return tmp_path / "clone"


def test_an_image_is_renewed_in_whatever_clone_without_the_wish(service):
    report = update(service)
    assert purposes(report) == {
        "Dockerfile": renewal.RENEWED,
        ".dockerignore": renewal.RENEWED,
        record.PATH: "what devstrap wrote, for renewing it later",
    }
    after = contents(service)
    assert b"--uid 10002" in after["Dockerfile"]
    assert after[".dockerignore"].endswith(b"*.orig\n")
    commit(service)
    assert update(service).status is Status.NOTHING_TO_DO


def test_an_image_that_somebody_changed_is_merged_and_one_that_is_gone_stays_away(service):
    edit(service, "EXPOSE 8000", "EXPOSE 8000 9000", "Dockerfile")
    (service / ".dockerignore").unlink()
    commit(service, "mine")
    assert purposes(update(service, image=True))["Dockerfile"] == renewal.MERGED
    after = contents(service)
    assert b"--uid 10002" in after["Dockerfile"]
    assert b"EXPOSE 8000 9000" in after["Dockerfile"]
    assert ".dockerignore" not in after
