"""GitHub workflows, actions, and what else lies in `.github`; Gitea and Forgejo read the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.model import Area, Codec, Declaration, Role

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_WORKFLOWS = tuple(
    f"{folder}/workflows/*.{suffix}" for folder in (".github", ".gitea", ".forgejo") for suffix in ("yml", "yaml")
)
_ALL = (
    *_WORKFLOWS,
    ".github/**/action.yml",
    ".github/**/action.yaml",
    "action.yml",
    "action.yaml",
    ".github/actions/*.yml",
)
_RUNS_ON = "the job runs on it"
_RUNS_ON_THESE = "the tests run on these"

# A key of a matrix or an input that speaks of Python, or of nothing in particular.
_PYTHON_KEY = expression(
    r"(?i)py(?!qt|test|dantic|spark|torch|side|arrow|gobject|installer)|interp|^v(?:er(?:sion)?s?)?$|tox|nox|env|session"
    r"|target|build|config|include|exclude|min|max|old|new|latest|lowest|highest|runtime|name|job|task|factor"
)


def is_about_python(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether the key may speak of Python: Spark, CMake and Alpine have a 3.9 as well."""
    keys = [part for part in path if isinstance(part, str)]
    chosen = keys[keys.index("matrix") + 1 :] if "matrix" in keys else keys[-1:]
    return all(_PYTHON_KEY.search(key) is not None for key in chosen or keys[-1:])


_OTHER_PRODUCT = expression(
    r"(?i)\b(?:alpine|ansible|airflow|boost|cmake|cuda|django|electron|elixir|flink|gradle|hadoop|helm|kafka|kotlin"
    r"|kubernetes|maven|mongo\w*|neo4j|node(?:js)?|numpy|openssl|pandas|php|postgres\w*|protobuf|pyspark|qt|rabbitmq|redis"
    r"|ruby|rust|scala|spark|sqlite|swift|terraform|torch|ubuntu|wxpython)[-_ :=v]{0,3}3\.[0-9]"
)


def is_of_python(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - every closer look takes all three
    """Say whether a name does not speak of some other product's version."""
    return _OTHER_PRODUCT.search(source.text, node.start, node.end) is None


ROWS = (
    Declaration(
        "github.matrix",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=_WORKFLOWS,
        at=("jobs/*/strategy/matrix/*",),
        syntax="yaml",
        holds=is_about_python,
    ),
    Declaration(
        "github.matrix-named",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=_WORKFLOWS,
        at=("jobs/*/strategy/matrix/*",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
    Declaration(
        "github.matrix-value",
        "the tests run on it",
        Area.TESTED,
        Role.DEFAULT,
        files=_WORKFLOWS,
        at=("jobs/*/strategy/matrix/*/**",),
        syntax="yaml",
        holds=is_about_python,
    ),
    Declaration(
        "github.wheels",
        "wheels are built for these",
        Area.SHIPPED,
        Role.SET,
        files=_ALL,
        at=("**/env/cibw_build", "**/with/build"),
        codec=Codec.ITEMS,
        syntax="yaml",
    ),
    Declaration(
        "github.no-wheels",
        "no wheels are built for these",
        Area.SHIPPED,
        Role.MARKER,
        files=_ALL,
        at=("**/env/cibw_skip|cibw_test_skip", "**/with/skip|test-skip"),
        codec=Codec.ITEMS,
        syntax="yaml",
    ),
    Declaration(
        "github.tox",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=_ALL,
        at=("**/toxenv|tox-env|tox_env|env|envs|noxsession|nox-session|session|sessions|tox",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
    Declaration(
        "github.python-version",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/with/*python*|*py*ver*|noxsession|session|sessions",),
        syntax="yaml",
    ),
    Declaration(
        "github.env",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/env/*python*|*py*ver*|*cibw*|noxsession",),
        codec=Codec.ANY,
        syntax="yaml",
    ),
    Declaration(
        "github.input-options",
        "the workflow can be run on these",
        Area.TESTED,
        Role.SET,
        files=_ALL,
        at=("**/inputs/*py*/options",),
        syntax="yaml",
    ),
    Declaration(
        "github.input",
        "the workflow runs on it",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/inputs/*py*/default",),
        syntax="yaml",
    ),
    Declaration(
        "github.key",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/*python*|*py*ver*",),
        syntax="yaml",
    ),
    Declaration(
        "github.name",
        "people read it in the list of checks",
        Area.TOLD,
        Role.DEFAULT,
        files=_ALL,
        at=("**/name", "**/workflows/[]", "**/needs/[]", "**/needs", "run-name"),
        codec=Codec.ANY,
        syntax="yaml",
        holds=is_of_python,
    ),
    Declaration(
        "github.condition",
        "decides on which Python the step runs",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/if", "**/continue-on-error", "**/experimental"),
        codec=Codec.ANY,
        syntax="yaml",
        holds=is_of_python,
    ),
    Declaration(
        "github.container",
        "the job runs in it",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/container|image",),
        codec=Codec.IMAGE,
        syntax="yaml",
    ),
    Declaration(
        "github.cache-key",
        "keeps the caches of Pythons apart",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/key|restore-keys",),
        codec=Codec.ANY,
        syntax="yaml",
        holds=is_of_python,
    ),
    Declaration(
        "github.run",
        "the job runs it",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**/run|args|script|command|cmd",),
        codec=Codec.COMMAND,
        syntax="yaml",
    ),
    Declaration(
        "github.other",
        "the workflow uses it",
        Area.TESTED,
        Role.DEFAULT,
        files=_ALL,
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
    Declaration("github.comment", "explains the workflow", Area.TOLD, Role.DEFAULT, files=_ALL, codec=Codec.COMMENT),
    Declaration(
        "github.checks",
        "names the jobs that have to pass",
        Area.TESTED,
        Role.DEFAULT,
        files=(
            ".github/checkgroup.yml",
            ".github/sync-repo-settings.yaml",
            ".github/settings.yml",
            ".github/mergify.yml",
            ".mergify.yml",
        ),
        at=("**",),
        codec=Codec.ANY,
        syntax="yaml",
        holds=is_of_python,
    ),
    Declaration(
        "github.issue-form",
        "people who report bugs choose from it",
        Area.TOLD,
        Role.SET,
        files=(".github/ISSUE_TEMPLATE/*.yml", ".github/ISSUE_TEMPLATE/*.yaml"),
        at=("**/options",),
        syntax="yaml",
    ),
    Declaration(
        "github.issue-template",
        "people who report bugs read it",
        Area.TOLD,
        Role.DEFAULT,
        files=(
            ".github/ISSUE_TEMPLATE/*.md",
            ".github/ISSUE_TEMPLATE/*.yml",
            ".github/ISSUE_TEMPLATE/*.yaml",
            ".github/*TEMPLATE*",
            "ISSUE_TEMPLATE*",
            "PULL_REQUEST_TEMPLATE*",
        ),
        codec=Codec.PROSE,
        needs="(?i)python",
    ),
)
