"""The facts about a repository of parts: one environment for all of them, or one for each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bootstrap import process
from bootstrap.detect import parts
from bootstrap.detect.environment import detect_environment, recorded
from bootstrap.detect.inspection import inspect
from bootstrap.detect.repository import Reader
from bootstrap.errors import UsageError
from bootstrap.model import Part
from bootstrap.proof.memory import remembered
from bootstrap.setup import dependencies, shared
from bootstrap.setup.parts import compiled, equipped, joined, may_share, whole
from bootstrap.setup.terms import on_terms
from bootstrap.versions import DEFAULT, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bootstrap.detect.facts import Look
    from bootstrap.model import Dependencies, Facts, Repository, Run


class Whole(NamedTuple):
    """Looks at a repository of parts, by the way in which one folder with one environment is looked at."""

    look: Look

    def find(self, top: Repository, every: Iterable[str]) -> dict[str, tuple[Repository, Dependencies]]:
        """Return the parts that declare something, or those of them that were asked for.

        Raises UsageError for one that does not exist.
        """
        found: dict[str, tuple[Repository, Dependencies]] = {}
        for path in every:
            read = Reader(top.root / path)
            with parts.named_from_root(path):
                repository = parts.repository_of(top, path, read, is_asked=self.look.answers.python is not None)
                wanted = dependencies.recognise(repository, read)
            if wanted is not None:
                found[path] = (repository, wanted)
        missing = next((name for name in self.look.answers.parts if name not in found), None)
        if missing is not None:
            known = f"the parts are {', '.join(found)}" if found else "leave out --part: no folder has a manifest"
            raise UsageError(f"there is no part {missing!r}", remedy=known)
        asked = self.look.answers.parts
        return {path: one for path, one in found.items() if not asked or path in asked}

    def facts(
        self, top: Repository, found: Mapping[str, tuple[Repository, Dependencies]], tools: Dependencies | None = None
    ) -> Facts:
        """Return the facts about a repository of parts: one environment for all of them, or one for each.

        `tools` is what the root itself declares. They go into the one environment; where the parts go apart they have
        one of their own, at the root, and go into each part's as well where they fit.
        """
        wanted = {path: one for path, (_, one) in found.items()}
        every = {**({"": tools} if tools else {}), **wanted}
        together = joined(every) if may_share(every) and not self.look.answers.parts else None
        repository = whole(top, {path: one for path, (one, _) in found.items()})
        apart = self._reason_apart(repository, together, tuple(found), has_tools=bool(tools)) if together else ""
        if together is None or apart is not None:
            return self._apart(top, found, tools, apart or "")
        for one, _ in found.values():
            self.look.answers = shared.merged(self.look.answers, replace(one.settings, apart=None))
        facts = self.look.one(repository, together)
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
            Part(path, self.look.one(one, self._with_tools(needs, tools, one, path), path, top.root))
            for path, (one, needs) in found.items()
        ]
        if tools is not None and not self.look.answers.parts:
            return replace(self.look.one(top, tools), parts=tuple(parts), apart=reason)
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
        answers = shared.merged(self.look.answers, repository.settings)
        found = on_terms(needs, None, None, answers, Reader(repository.root))
        return found is not None and found.fingerprint == noted

    def members(self, top: Repository, wanted: Dependencies | None) -> Facts:
        """Return the facts about a root with one environment; where it is a workspace's, its tested members are parts.

        They are in that environment, and have tests of their own, which are collected from where each stands.
        """
        facts = self.look.one(top, wanted)
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
        if self.look.answers.is_apart is not None:
            return "" if self.look.answers.is_apart else None
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
        real = self.look.tools.real(run, root, root / ".venv")
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
            found = inspect(repository, all_of_it.environment, bare, self.look.tools, is_consistent=True)
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
