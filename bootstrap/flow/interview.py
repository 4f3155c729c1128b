"""The interview before a set-up: whether there is one, and what is asked."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap import answers
from bootstrap.console import is_interactive
from bootstrap.setup import dotenv
from bootstrap.setup.dependencies import unclear
from bootstrap.setup.python import freed, managed_version, suitable

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.detect.repository import Reader
    from bootstrap.machine import Interpreter
    from bootstrap.model import Answers, Facts
    from bootstrap.options import Options


def may_ask(options: Options, tools: Tools, console: Console) -> bool:
    """Say whether somebody is there to answer, and has not said that nothing is to be asked."""
    quiet = options.is_yes or options.is_dry_run or options.is_json or options.is_quiet
    return not quiet and is_interactive(tools.env, sys.stdin, console.stream)


def interview(options: Options, facts: Facts, wanted: Answers, read: Reader) -> Answers:
    """Ask what the command line leaves open, and return the answers.

    The repository in `facts` is as it is without any answer: all the Pythons that suit it are offered, also those that
    an earlier answer would leave out.
    """
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    unanswered = answers.unanswered(wanted, facts.repository)
    is_settled = options.python is not None or options.managed is not None
    fitting = [] if is_settled else _fitting(facts, unanswered, wanted)
    wanted = ask.ask(
        unanswered if fitting else wanted,
        fitting,
        managed_version(facts.repository, facts.interpreters, facts.host, unanswered) if fitting else "",
        _preselected(facts, wanted),
        asks_editors=options.editors is None,
        offers_devcontainer=facts.repository.has_bootstrapper and options.devcontainer is None,
    )
    wanted = _needs(facts, wanted, read)
    return _besides(options, facts, wanted) if facts.besides else wanted


def _needs(facts: Facts, wanted: Answers, read: Reader) -> Answers:
    """Ask which groups, extras and files a contributor needs, where nothing tells; to name none leaves it open."""
    if facts.parts:
        return wanted
    found = unclear.candidates(facts.repository, facts.dependencies, read)
    if not found:
        return wanted
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    taken = facts.dependencies.title.split(", ") if facts.dependencies else []
    usual = {"requirements": tuple(taken)}
    offered = [
        (key, name, name in (getattr(wanted, key) or usual.get(key, ()))) for key in found for name in found[key]
    ]
    chosen = ask.choose_needs(offered)
    if chosen == {(key, name) for key, name, is_usual in offered if is_usual}:
        return wanted  # Enter alone: as it was
    named: dict[str, Any] = {
        key: tuple(name for name in names if (key, name) in chosen) or None for key, names in found.items()
    }
    return replace(wanted, **named)


def _fitting(facts: Facts, unanswered: Answers, wanted: Answers) -> list[Interpreter]:
    """Return the Pythons to choose from: the one that would be taken first, though the repository may name none."""
    found = suitable(facts.repository, facts.interpreters, facts.host, unanswered)
    chosen = facts.choice.interpreter
    if chosen is None or chosen in found[:1] or wanted.python is not None:
        return found
    if chosen not in found:
        found = suitable(freed(facts.repository), facts.interpreters, facts.host, unanswered)
    return [chosen, *(one for one in found if one != chosen)]


def _besides(options: Options, facts: Facts, wanted: Answers) -> Answers:
    """Ask for what only a person knows of `.env`, and whether hooks and the repository's own commands are welcome."""
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    besides = facts.besides
    if besides is None:
        return wanted
    for one in besides.dotenvs if wanted.dotenv else ():
        if one.is_there or one.is_ignored is None:
            continue
        if not one.is_ignored and not wanted.ignores_dotenv:
            question = f"git does not ignore {one.path}. Add it to .gitignore, and write {one.path} from {one.example}?"
            if not ask.agree(question):
                continue
            wanted = replace(wanted, ignores_dotenv=True)
        typed = ask.ask_values(one.path, [(name, dotenv.is_secret(name)) for name in dotenv.open_names(one.content)])
        wanted = replace(wanted, values=(*wanted.values, *((one.path, name, value) for name, value in typed.items())))
    if besides.hooks and besides.hooks.absent and not besides.hooks.redirected and options.hooks is None:
        question = f"Shall the git hooks of {besides.hooks.config} be installed?"
        wanted = replace(wanted, hooks=ask.agree(question, default=wanted.hooks))
    if besides.commands:
        named = "\n".join(f"  {one.text}" for one in besides.commands)
        question = f"The repository names commands to run after the installation:\n{named}\nShall they be run?"
        wanted = replace(wanted, post_install=ask.agree(question))
    return wanted


def _preselected(facts: Facts, wanted: Answers) -> str:
    """Return what the question about the Python stands on: what would be taken if nothing were asked."""
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    found = facts.choice.interpreter
    return ask.MANAGED if wanted.prefer_managed or found is None else ask.request_of(found)
