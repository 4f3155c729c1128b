"""Services other than GitHub that build and test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.github import is_about_python, is_of_python
from bootstrap.sites.model import Area, Codec, Declaration, Role

if TYPE_CHECKING:
    from bootstrap.sites.model import Source
    from bootstrap.syntax.tree import Node, Path

_AZURE = (
    "azure-pipelines*.yml",
    "azure-pipelines*.yaml",
    ".azure-pipelines/**/*.yml",
    "azure-pipelines/**/*.yml",
    ".azure/**/*.yml",
    ".azure/**/*.yaml",
    "eng/**/*.yml",
)
_GITLAB = (".gitlab-ci.yml", ".gitlab-ci.yaml", "*.gitlab-ci.yml", ".gitlab/**/*.yml", ".gitlab/**/*.yaml")
_CIRCLE = (".circleci/**/*.yml", ".circleci/**/*.yaml")
_OTHERS = (
    ".travis.yml",
    "appveyor*.yml",
    ".appveyor.yml",
    ".appveyor/*.yml",
    ".cirrus.yml",
    ".drone.yml",
    ".semaphore/*.yml",
    ".buildkite/**/*.yml",
    ".buildkite/**/*.yaml",
    "bitbucket-pipelines.yml",
    ".woodpecker.yml",
    ".woodpecker/*.yml",
    ".woodpecker/*.yaml",
    "buildspec*.yml",
    "codebuild*.yml",
    "cloudbuild*.yaml",
    "axis.yaml",
    ".packit.yaml",
    "zuul.yaml",
    ".zuul.yaml",
    ".zuul.d/*.yaml",
    "zuul.d/*.yaml",
    ".kokoro/**/*.yaml",
    "ci/**/*.yml",
    "ci/**/*.yaml",
    ".ci/**/*.yml",
    ".ci/**/*.yaml",
)
_FILES = (*_AZURE, *_GITLAB, *_CIRCLE, *_OTHERS)
_READ_THE_DOCS = (".readthedocs.yml", ".readthedocs.yaml", "readthedocs.yml", "readthedocs.yaml")
_RUNS_ON = "the job runs on it"
_RUNS_ON_THESE = "the tests run on these"

# Azure, Render and Kubernetes write a variable as two lines: `- name: python.version` and `value: 3.12`.
_NAMED_PYTHON = expression(
    r"(?i)\b(?:name|key):[ \t]*[\"']?[\w.-]*py[\w.-]*[\"']?[ \t]*(?:#[^\n]*)?\r?\n[ \t]*value:[ \t]*[\"']?$"
)


def is_value_of_python(source: Source, path: Path, node: Node) -> bool:  # noqa: ARG001 - all closer looks take three
    """Say whether a value belongs to a name, on the line before, that speaks of Python."""
    return _NAMED_PYTHON.search(source.text, max(0, node.start - 200), node.start) is not None


ROWS = (
    Declaration(
        "rtd.python",
        "the documentation is built with it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_READ_THE_DOCS,
        at=("build/tools/python", "python/version"),
        syntax="yaml",
    ),
    Declaration(
        "rtd.command",
        "the documentation is built with it",
        Area.DEVELOPED,
        Role.DEFAULT,
        files=_READ_THE_DOCS,
        at=("build/commands/[]", "build/jobs/**"),
        codec=Codec.COMMAND,
        syntax="yaml",
    ),
    Declaration(
        "ci.jobs",
        "there is a job for each of these",
        Area.TESTED,
        Role.SET,
        files=(*_AZURE, *_CIRCLE),
        at=("**/matrix", "**/jobs", "jobs"),
        codec=Codec.KEYED,
        syntax="yaml",
    ),
    Declaration(
        "ci.gitlab-jobs",
        "there is a job for each of these",
        Area.TESTED,
        Role.SET,
        files=_GITLAB,
        codec=Codec.KEYED,
        syntax="yaml",
    ),
    Declaration(
        "ci.matrix",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=_FILES,
        at=(
            "**/matrix/**",
            "**/parameters/*py*|version|versions",
            "**/*python*|*versions*",
            "environment/matrix",
            "environment",
            "**/jobs/include",
        ),
        syntax="yaml",
        holds=is_about_python,
    ),
    Declaration(
        "ci.workflow",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=(*_CIRCLE, *_GITLAB, *_AZURE),
        at=("workflows/*/jobs", "**/requires|needs|dependencies|dependsOn"),
        codec=Codec.ANY,
        syntax="yaml",
    ),
    Declaration(
        "ci.python-version",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_FILES,
        at=("**/*python*|*py*ver*|py|versionSpec|version", "**/parameters/*py*/default"),
        syntax="yaml",
    ),
    Declaration(
        "ci.variable",
        _RUNS_ON,
        Area.TESTED,
        Role.DEFAULT,
        files=_FILES,
        at=("**/value",),
        syntax="yaml",
        holds=is_value_of_python,
    ),
    Declaration(
        "ci.image",
        "the job runs in it",
        Area.TESTED,
        Role.DEFAULT,
        files=_FILES,
        at=("**/image", "**/image/name"),
        codec=Codec.IMAGE,
        syntax="yaml",
    ),
    Declaration(
        "ci.tox",
        _RUNS_ON_THESE,
        Area.TESTED,
        Role.SET,
        files=_FILES,
        at=("**/*tox*|*nox*",),
        codec=Codec.ITEMS,
        syntax="yaml",
    ),
    Declaration(
        "ci.name",
        "people read it in the list of checks",
        Area.TOLD,
        Role.DEFAULT,
        files=_FILES,
        at=("**/name|displayName|label",),
        codec=Codec.ANY,
        syntax="yaml",
        holds=is_of_python,
    ),
    Declaration(
        "ci.command",
        "the job runs it",
        Area.TESTED,
        Role.DEFAULT,
        files=_FILES,
        at=(
            "**/script|before_script|after_script|install|before_install|run|command|commands|bash|powershell",
            "**/script|before_script|after_script|install|before_install|run|command|commands|test_script|build_script/[]",
        ),
        codec=Codec.COMMAND,
        syntax="yaml",
    ),
    Declaration(
        "ci.other",
        "the job uses it",
        Area.TESTED,
        Role.DEFAULT,
        files=_FILES,
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
    Declaration("ci.comment", "explains the job", Area.TOLD, Role.DEFAULT, files=_FILES, codec=Codec.COMMENT),
    Declaration(
        "ci.jenkins",
        "the job runs on it",
        Area.TESTED,
        Role.DEFAULT,
        files=("Jenkinsfile", "Jenkinsfile.*", "*.jenkinsfile"),
        codec=Codec.COMMAND,
    ),
    Declaration(
        "codecov.flags",
        "coverage is told apart by these",
        Area.TESTED,
        Role.SET,
        files=("codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml", ".github/codecov.yml"),
        at=("flags", "**/flags"),
        codec=Codec.KEYED,
        syntax="yaml",
    ),
    Declaration(
        "codecov.flag",
        "coverage is told apart by it",
        Area.TESTED,
        Role.DEFAULT,
        files=("codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml", ".github/codecov.yml"),
        at=("**",),
        codec=Codec.NAMED,
        syntax="yaml",
    ),
)
