"""The interview before a set-up: whether there is one, and what is asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bootstrap import answers
from bootstrap.console import is_interactive
from bootstrap.setup.python import managed_version, suitable

if TYPE_CHECKING:
    from bootstrap.commands import Tools
    from bootstrap.console import Console
    from bootstrap.model import Answers, Facts
    from bootstrap.options import Options


def may_ask(options: Options, tools: Tools, console: Console) -> bool:
    """Say whether somebody is there to answer, and has not said that nothing is to be asked."""
    quiet = options.is_yes or options.is_dry_run or options.is_json or options.is_quiet
    return not quiet and is_interactive(tools.env, sys.stdin, console.stream)


def interview(options: Options, facts: Facts, wanted: Answers) -> Answers:
    """Ask what the command line leaves open, and return the answers.

    The repository in `facts` is as it is without any answer: all the Pythons that suit it are offered, also those that
    an earlier answer would leave out.
    """
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    unanswered = answers.unanswered(wanted, facts.repository)
    is_settled = options.python is not None or options.managed is not None
    fitting = [] if is_settled else suitable(facts.repository, facts.interpreters, facts.host, unanswered)
    return ask.ask(
        unanswered if fitting else wanted,
        fitting,
        managed_version(facts.repository, facts.interpreters, facts.host, unanswered) if fitting else "",
        _preselected(facts, wanted),
        asks_editors=options.editors is None,
        offers_devcontainer=facts.repository.has_bootstrapper and options.devcontainer is None,
    )


def _preselected(facts: Facts, wanted: Answers) -> str:
    """Return what the question about the Python stands on: what would be taken if nothing were asked."""
    from bootstrap import ask  # noqa: PLC0415 - questions cost 200 ms

    found = facts.choice.interpreter
    return ask.MANAGED if wanted.prefer_managed or found is None else ask.request_of(found)
