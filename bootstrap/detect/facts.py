"""Everything that planning needs to know of the machine and the repository, gathered without changing either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.detect import parts
from bootstrap.detect.besides import look_beside
from bootstrap.detect.environment import broken, detect_environment, displaced, library_of
from bootstrap.detect.history import last_commit
from bootstrap.detect.host import detect_host
from bootstrap.detect.inspection import inspect
from bootstrap.detect.repository import Reader, detect_repository, refuse_missing
from bootstrap.detect.whole import Whole
from bootstrap.detect.wholeness import first_gap
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Facts
from bootstrap.proof.memory import remembered
from bootstrap.setup import dependencies, shared
from bootstrap.setup.dependencies import copies, groups
from bootstrap.setup.editors import present_editors
from bootstrap.setup.moment import choose as choose_moment
from bootstrap.setup.moment import of_additions
from bootstrap.setup.python import choose, is_settled
from bootstrap.setup.terms import on_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bootstrap.commands import Tools
    from bootstrap.machine import Host, Interpreter
    from bootstrap.model import Answers, Dependencies, Environment, Inspection, Repository
    from bootstrap.setup.evidence import Evidence
    from bootstrap.sites.model import Site


# uv's settings for where Pythons come from.
_MIRRORS = ("UV_PYTHON_DOWNLOADS_JSON_URL", "UV_PYTHON_INSTALL_MIRROR")


def detect(read: Reader, answers: Answers, tools: Tools) -> Facts:
    """Look at the machine and the repository below `read`; raise a BootstrapError for what cannot be understood.

    Interpreters are looked for only where `.venv` does not run a suitable one, and the environment is inspected only
    where it does.
    """
    facts = _of_environments(read, answers, tools)
    return replace(facts, besides=look_beside(read, facts, tools))


def _of_environments(read: Reader, answers: Answers, tools: Tools) -> Facts:
    look = Look(answers, tools, detect_host(tools.env))
    repository = _chosen(detect_repository(read.root, read, is_asked=answers.python is not None), answers, read)
    wanted = dependencies.recognise(repository, read)
    gives_way = dependencies.gives_way(wanted, repository, read)
    is_open = gives_way and not groups.is_named(repository)
    # A root that installs its own code is no matter of parts: most are such, and need not be searched.
    below = () if wanted is not None and wanted.installs_project and not is_open else parts.find(read.root)
    tools_of_root = dependencies.above_parts(None if is_open else wanted, repository, read) if below else None
    if is_open or tools_of_root is not None:
        found = Whole(look).find(repository, below)
        if found:
            return Whole(look).facts(repository, found, tools_of_root)
    elif answers.parts:
        raise UsageError(
            f"there is no part {answers.parts[0]!r}"
            if wanted is None or gives_way
            else f"there is no part {answers.parts[0]!r}: the root itself declares what is installed ({wanted.title})",
            remedy="leave out --part, or name the folder with --root",
        )
    return Whole(look).members(repository, wanted)


def _chosen(repository: Repository, answers: Answers, read: Reader) -> Repository:
    """Return the repository as if its settings said what was chosen in this checkout; not what is gone by now."""
    chosen = {name: value for name in shared.CHOICES if (value := getattr(answers, name)) is not None}
    if not chosen:
        return repository
    settings = replace(repository.settings, **chosen)
    try:
        refuse_missing(settings, repository.pyproject, repository.files, read)
    except MalformedFileError:
        return repository
    return replace(repository, settings=settings)


class Look:
    """One look at everything; the interpreters of the machine are listed once, and only if somebody wants them."""

    def __init__(self, answers: Answers, tools: Tools, host: Host) -> None:
        self.answers = answers
        self.tools = tools
        self.host = host
        self.seen: list[Interpreter] = []
        self.commits: dict[Path, datetime | None] = {}
        self.surveys: dict[Path, Sequence[Site]] = {}

    def committed(self, root: Path) -> datetime | None:
        """Return when the last commit of a repository was made; git is asked once, however many parts there are."""
        if root not in self.commits:
            self.commits[root] = last_commit(root, self.tools.env)
        return self.commits[root]

    def sites(self, root: Path) -> Sequence[Site]:
        """Return where a repository names Pythons, which takes a while to find, once."""
        if root not in self.surveys:
            from bootstrap.survey import survey  # noqa: PLC0415 - the grammars take a while to load

            self.surveys[root] = survey(root, dict(self.tools.env)).sites
        return self.surveys[root]

    def interpreters(self) -> tuple[Interpreter, ...]:
        """Return the Pythons of this machine."""
        from bootstrap.detect.interpreters import find_interpreters  # noqa: PLC0415 - not needed by a run without work

        if not self.seen:
            self.seen.extend(find_interpreters(self.tools.env, self.host, cache_dir=self.tools.cache))
        return tuple(self.seen)

    def one(
        self, repository: Repository, wanted: Dependencies | None, place: str = "", top: Path | None = None
    ) -> Facts:
        """Return the facts about one folder with one environment: the root, or a part at `place` below `top`."""
        # What a part says of itself comes to what the whole says.
        answers, tools, root = shared.merged(self.answers, repository.settings), self.tools, repository.root
        now = datetime.now(UTC)
        # For a lock time stands still; only what is added to it needs a bound.
        is_of_then = wanted is not None and (not wanted.is_locked or bool(answers.additions))
        committed = self.committed(top or root) if is_of_then else None
        moment = choose_moment(repository, wanted, answers, committed, now)
        later = of_additions(repository, answers, committed, now)
        wanted = copies.readable(on_terms(wanted, moment, later, answers, Reader(root)), Reader(root))
        environment = displaced(detect_environment(root), root, self.host)
        inspection = None
        if is_settled(environment, repository, answers):
            environment, inspection = _inspected(repository, environment, wanted, tools)

        def evidence() -> Evidence | None:
            from bootstrap.setup.evidence import gather, of_time  # noqa: PLC0415 - as the interpreters

            when = moment.when.date() if moment else None
            told = gather(top or root, repository, lambda: self.sites(top or root), when)
            return told or (of_time(repository, when) if when else None)

        choice = choose(repository, environment, self.host, answers, self.interpreters, evidence)
        home = Path(tools.env.get("HOME") or tools.env.get("USERPROFILE") or root)
        return Facts(
            host=self.host,
            repository=repository,
            interpreters=tuple(self.seen),
            environment=environment,
            choice=choice,
            dependencies=wanted,
            inspection=inspection,
            has_local_mirror=any(tools.env.get(name, "").startswith(("file:", "/")) for name in _MIRRORS),
            committed=committed,
            moment=moment,
            proof=remembered(repository.state_dir, place, environment) if inspection else None,
            asked_python=answers.python,
            present_editors=present_editors(tools.env, home),
        )


def _inspected(
    repository: Repository, environment: Environment, wanted: Dependencies | None, tools: Tools
) -> tuple[Environment, Inspection | None]:
    """Return what a closer look gives; the environment as broken where it is not whole or does not start."""
    inspection = inspect(repository, environment, wanted, tools)
    library = library_of(environment.path)
    gap = first_gap(library) if library else None
    if gap is not None:
        return broken(environment, f"{gap[0]} is not whole, {gap[1]} is missing"), None
    if not inspection.running:
        return broken(environment, f"its interpreter does not start: {inspection.broken_imports[0][1]}"), None
    return environment, inspection
