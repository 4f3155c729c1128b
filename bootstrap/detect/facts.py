"""Everything that planning needs to know of the machine and the repository, gathered without changing either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import process
from bootstrap.detect import parts
from bootstrap.detect.besides import look_beside
from bootstrap.detect.environment import broken, detect_environment, displaced, library_of, recorded
from bootstrap.detect.history import last_commit
from bootstrap.detect.host import detect_host
from bootstrap.detect.inspection import inspect
from bootstrap.detect.repository import Reader, detect_repository, refuse_missing
from bootstrap.detect.wholeness import first_gap
from bootstrap.errors import MalformedFileError, UsageError
from bootstrap.model import Facts, Part
from bootstrap.proof.memory import remembered
from bootstrap.setup import dependencies, shared
from bootstrap.setup.dependencies import copies, groups
from bootstrap.setup.editors import present_editors
from bootstrap.setup.moment import choose as choose_moment
from bootstrap.setup.moment import of_additions
from bootstrap.setup.parts import compiled, equipped, joined, may_share, whole
from bootstrap.setup.python import choose, is_settled
from bootstrap.setup.terms import on_terms
from bootstrap.versions import DEFAULT, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bootstrap.commands import Tools
    from bootstrap.machine import Host, Interpreter
    from bootstrap.model import Answers, Dependencies, Environment, Inspection, Repository, Run
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
    look = _Look(answers, tools, detect_host(tools.env))
    repository = _chosen(detect_repository(read.root, read, is_asked=answers.python is not None), answers, read)
    wanted = dependencies.recognise(repository, read)
    gives_way = dependencies.gives_way(wanted, repository, read)
    is_open = gives_way and not groups.is_named(repository)
    # A root that installs its own code is no matter of parts: most are such, and need not be searched.
    below = () if wanted is not None and wanted.installs_project and not is_open else parts.find(read.root)
    tools_of_root = dependencies.above_parts(None if is_open else wanted, repository, read) if below else None
    if is_open or tools_of_root is not None:
        found = look.parts(repository, below)
        if found:
            return look.whole(repository, found, tools_of_root)
    elif answers.parts:
        raise UsageError(
            f"there is no part {answers.parts[0]!r}"
            if wanted is None or gives_way
            else f"there is no part {answers.parts[0]!r}: the root itself declares what is installed ({wanted.title})",
            remedy="leave out --part, or name the folder with --root",
        )
    return look.members(repository, wanted)


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


class _Look:
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

    def parts(self, top: Repository, every: Iterable[str]) -> dict[str, tuple[Repository, Dependencies]]:
        """Return the parts that declare something, or those of them that were asked for.

        Raises UsageError for one that does not exist.
        """
        found: dict[str, tuple[Repository, Dependencies]] = {}
        for path in every:
            read = Reader(top.root / path)
            with parts.named_from_root(path):
                repository = parts.repository_of(top, path, read, is_asked=self.answers.python is not None)
                wanted = dependencies.recognise(repository, read)
            if wanted is not None:
                found[path] = (repository, wanted)
        missing = next((name for name in self.answers.parts if name not in found), None)
        if missing is not None:
            known = f"the parts are {', '.join(found)}" if found else "leave out --part: no folder has a manifest"
            raise UsageError(f"there is no part {missing!r}", remedy=known)
        return {path: one for path, one in found.items() if not self.answers.parts or path in self.answers.parts}

    def whole(
        self, top: Repository, found: Mapping[str, tuple[Repository, Dependencies]], tools: Dependencies | None = None
    ) -> Facts:
        """Return the facts about a repository of parts: one environment for all of them, or one for each.

        `tools` is what the root itself declares. They go into the one environment; where the parts go apart they have
        one of their own, at the root, and go into each part's as well where they fit.
        """
        wanted = {path: one for path, (_, one) in found.items()}
        every = {**({"": tools} if tools else {}), **wanted}
        together = joined(every) if may_share(every) and not self.answers.parts else None
        repository = whole(top, {path: one for path, (one, _) in found.items()})
        apart = self._reason_apart(repository, together, tuple(found), has_tools=bool(tools)) if together else ""
        if together is None or apart is not None:
            return self._apart(top, found, tools, apart or "")
        for one, _ in found.values():
            self.answers = shared.merged(self.answers, replace(one.settings, apart=None))
        facts = self.one(repository, together)
        return replace(facts, parts=self._sharing(found, facts))

    def _apart(
        self,
        top: Repository,
        found: Mapping[str, tuple[Repository, Dependencies]],
        tools: Dependencies | None,
        reason: str,
    ) -> Facts:
        """Return the facts about parts with an environment each, and the root's own where there is something in it."""
        parts = [
            Part(path, self.one(one, self._with_tools(needs, tools, one, path), path, top.root))
            for path, (one, needs) in found.items()
        ]
        if tools is not None and not self.answers.parts:
            return replace(self.one(top, tools), parts=tuple(parts), apart=reason)
        return replace(
            parts[0].facts,
            repository=top,
            environment=detect_environment(top.root),
            dependencies=None,
            inspection=None,
            moment=None,
            proof=None,
            parts=tuple(parts),
            apart=reason,
        )

    def _with_tools(
        self, needs: Dependencies, tools: Dependencies | None, repository: Repository, path: str
    ) -> Dependencies:
        """Return what a part needs together with the root's tools, where these go with it.

        What is installed already was found to go together; what was found not to is asked about again, since the tools
        may be others by now, and stays where nobody can be asked.
        """
        if tools is None or not may_share({"": tools, path: needs}):
            return needs
        both = equipped(needs, tools, path)
        if self._is_installed(both, repository):
            return both
        run = compiled(both, spelled_minor(repository), repository.root)
        unknown = "" if self._is_installed(needs, repository) else None
        return both if run is None or self._reason_of(run, repository.root, unknown) is None else needs

    def _is_installed(self, needs: Dependencies, repository: Repository) -> bool:
        """Say whether it is this that the environment of a part was made for, on whatever terms hold for that."""
        noted = recorded(detect_environment(repository.root).record).get("dependencies")
        answers = shared.merged(self.answers, repository.settings)
        found = on_terms(needs, None, None, answers, Reader(repository.root))
        return found is not None and found.fingerprint == noted

    def members(self, top: Repository, wanted: Dependencies | None) -> Facts:
        """Return the facts about a root with one environment; where it is a workspace's, its tested members are parts.

        They are in that environment, and have tests of their own, which are collected from where each stands.
        """
        facts = self.one(top, wanted)
        if wanted is None or not wanted.members:
            return facts
        found: dict[str, tuple[Repository, Dependencies]] = {}
        for path in wanted.members:
            with parts.named_from_root(path):
                found[path] = (parts.repository_of(top, path, Reader(top.root / path), is_asked=False), wanted)
        return replace(facts, parts=self._sharing(found, facts))

    def _reason_apart(
        self, repository: Repository, together: Dependencies, names: tuple[str, ...], *, has_tools: bool
    ) -> str | None:
        """Say why the parts have environments of their own, empty where it is so already; None where they share one."""
        if self.answers.is_apart is not None:
            return "" if self.answers.is_apart else None
        has_own = any(detect_environment(repository.root / name).record for name in names)
        # Tools at the root have an environment there whether the parts share it or not.
        if has_own and has_tools:
            return ""
        if detect_environment(repository.root).record:
            return None
        if has_own:
            return ""
        required = repository.requires_python
        if required is not None and not required.admitted.minors():
            return f"no Python is admitted by all of them: {required.admitted.text}"
        run = compiled(together, spelled_minor(repository), repository.root)
        return self._reason_of(run, repository.root) if run else None

    def _reason_of(self, run: Run, root: Path, unknown: str | None = None) -> str | None:
        """Return why a command failed; None where it did not, and `unknown` where the network alone is to blame."""
        real = self.tools.real(run, root, root / ".venv")
        done = process.run(real.argv, cwd=real.cwd, env=real.env)
        if done.ok:
            return None
        from bootstrap.failures import explain, is_out_of_reach  # noqa: PLC0415 - all that can fail is known there
        from bootstrap.failures.places import Places  # noqa: PLC0415

        if is_out_of_reach(done.stderr):
            return unknown
        if "cannot be editable" in done.stderr:
            return None  # the copies that uv can read are made for an installation
        told = explain(done, run.purpose, Places(root, run.cwd, run.argv)).message
        return told.removeprefix(f"could not {run.purpose}: ")

    def _sharing(self, found: Mapping[str, tuple[Repository, Dependencies]], all_of_it: Facts) -> tuple[Part, ...]:
        """Return the parts that have the whole's environment, looked into side by side: their imports may take long."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most repositories have no parts

        def part(path: str) -> Part:
            repository, wanted = found[path]
            return self._shared(path, repository, wanted, all_of_it)

        with ThreadPoolExecutor() as pool:
            return tuple(pool.map(part, found))

    def _shared(self, path: str, repository: Repository, wanted: Dependencies, all_of_it: Facts) -> Part:
        """Return a part that has no environment of its own: what of it can be imported in the whole's."""
        inspection = None
        if all_of_it.inspection is not None:
            bare = replace(wanted, checks=(), lock_check=None)
            found = inspect(repository, all_of_it.environment, bare, self.tools, is_consistent=True)
            inspection = replace(found, missing="")
        proof = remembered(repository.state_dir, path, all_of_it.environment) if inspection else None
        own = replace(all_of_it, repository=repository, dependencies=wanted, inspection=inspection, proof=proof)
        return Part(path, own, is_shared=True)


def spelled_minor(repository: Repository) -> str:
    """Return the feature version by which it is judged whether the parts go together."""
    if repository.pin is not None and len(repository.pin.request.release) > 1:
        return ".".join(map(str, repository.pin.request.release[:2]))
    required = repository.requires_python
    minors = required.admitted.minors() if required else []
    default = Request.parse(DEFAULT).release[:2]
    return DEFAULT if not minors or default in minors else ".".join(map(str, minors[-1]))


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
