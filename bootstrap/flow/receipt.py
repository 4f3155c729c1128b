"""The receipt that a set-up leaves where all is well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from bootstrap import __version__, receipt
from bootstrap.detect.environment import RECORD, interpreter_of, library_of
from bootstrap.detect.inspection import CONSISTENCY
from bootstrap.model import Plan, Status
from bootstrap.proof.memory import PROOF
from bootstrap.reports import text
from bootstrap.transaction import CURRENT

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.detect.repository import Reader
    from bootstrap.model import Report
    from bootstrap.options import Options

# Folders of which every file counts, and one that comes; what is in them is read one by one.
_LISTED = (".github/workflows",)
# What changes in a git directory with each commit, and when another one is checked out.
_COMMITS = ("HEAD", "logs/HEAD")


def leave_receipt(report: Report, options: Options, tools: Tools, read: Reader) -> None:
    """Note what this run looked at, so that the next one need not look again while nothing has changed."""
    facts = report.facts
    # What was not proved is for the next run to prove.
    if facts is None or tools.cache is None or facts.parts or options.has_smoke is False:
        return  # a receipt is about one environment
    if facts.proof is not None and not facts.proof.is_clean:
        return  # it may be mended in any file, and is made again then
    root, environment = options.root, facts.environment
    paths = [root, facts.repository.state_dir / CURRENT, facts.repository.state_dir / "answers.json"]
    paths.append(facts.repository.state_dir / PROOF)
    paths += [environment.path, interpreter_of(environment.path), environment.path / "pyvenv.cfg"]
    paths += [environment.path / RECORD, *filter(None, [library_of(environment.path)])]
    paths += [root / name for name in (*read.seen, *_LISTED)]
    paths += [root / options.lock] if options.lock else []
    if facts.moment is not None:  # the last commit's, perhaps
        paths += [facts.repository.state_dir.parent / name for name in _COMMITS]
    imported = facts.inspection.imported if facts.inspection else ()
    paths += [folder / f"{name}.py" for name in imported for folder in (root / "src", root)]
    paths += _folders(library_of(environment.path))
    trees = [Path(bootstrap.__file__).parent, *(folder / name for name in imported for folder in (root / "src", root))]
    runs = [CONSISTENCY, *(facts.dependencies.checks if facts.dependencies else ())]
    if facts.dependencies and facts.dependencies.lock_check:
        runs.append(facts.dependencies.lock_check)
    filled = [(run, tools.filled_in(run, environment.path)) for run in runs]
    checks = [receipt.Check(argv, str(root / run.cwd), tuple(extra.items())) for run, (argv, extra) in filled]
    quiet = report._replace(status=Status.NOTHING_TO_DO, plan=Plan(skipped=report.plan.skipped), recovered=())
    told = text.header(facts, __version__) + receipt.SPLIT + "\n".join(text.body(quiet))
    file = receipt.place(str(tools.cache), str(root))
    noted = receipt.circumstances(options.arguments, tools.env)
    receipt.write(file, noted, map(str, paths), [str(tree) for tree in trees if tree.is_dir()], checks, told)


def _folders(library: Path | None) -> list[Path]:
    """Return the folders directly in site-packages: their times tell when something in them comes or goes."""
    if library is None:
        return []
    return [child for child in library.iterdir() if child.is_dir() and child.name != "__pycache__"]
