"""Places from which nobody can tell whether their version shall move: they are told, and left to a person.

A change of policy moves what surely follows it. Each of these was written by somebody who knew why, and a place that
is moved wrongly costs more than one that is pointed out. `check` judges them by what they say, and mends them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.expression import expression
from bootstrap.sites.files import is_example
from bootstrap.sites.model import Area, Codec
from bootstrap.sites.phrase import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bootstrap.policy import Transition
    from bootstrap.sites.model import Site


def why_unclear(site: Site, change: Transition) -> str:
    """Say why a place alone does not tell what its version follows; nothing where it does, or where drift is mended."""
    if change.mends:
        return ""
    return next((reason for holds, reason in _DOUBTS if holds(site, change)), "")


# ---- documents -----------------------------------------------------------------------------------------------------

_LANGUAGE = r"(?:[a-z]{2}(?:[-_](?:[a-z]{2}|han[st]))?)"
# README.de.md, CONTRIBUTING_zh-CN.rst, docs/ja/, locale/: the word for the language is one of two letters.
_TRANSLATION = expression(
    rf"(?i)(?:^|/)(?:readme|contributing|install)[^/.]*[._-](?!md|rst|txt){_LANGUAGE}\.[a-z]+$"
    r"|(?:^|/)(?:i18n|l10n|locales?|translations?)/"
    rf"|(?:^|/)(?:docs?|documentation)/(?!en\b){_LANGUAGE}/"
)
_TEMPLATE = expression(r"(?i)(?:^|/)templates?/|\.(?:tmpl|tpl)\.|(?:^|/)cookiecutter-")


def _is_document(site: Site) -> bool:
    return site.declaration.codec is Codec.PROSE


def _is_translation(site: Site, change: Transition) -> bool:  # noqa: ARG001 - every doubt takes both
    return _is_document(site) and _TRANSLATION.search(site.source.path) is not None


def _is_template(site: Site, change: Transition) -> bool:
    return _supports_several(change) and _is_document(site) and _TEMPLATE.search(site.source.path) is not None


def _takes_several_lines(site: Site, change: Transition) -> bool:  # noqa: ARG001 - every doubt takes both
    """Say whether whole lines of a document would come and go: they may say more than a version."""
    return _is_document(site) and site.group.kind is Kind.LIST and "\n" in site.value


def _speaks_of_pypy(site: Site, change: Transition) -> bool:  # noqa: ARG001 - every doubt takes both
    """Say whether some version of PyPy stands on the line; that it is supported too is no matter."""
    return _is_document(site) and _PYPY.search(" ".join(_line_around(site))) is not None


_PYPY = expression(r"(?i)pypy[\W_]*(?:v|version|python|>|=|&gt;)*[\W_]*[0-9]+[.][0-9]")


# ---- settings ------------------------------------------------------------------------------------------------------

_PYENV = expression(r"\bpyenv[ \t]+(?:install|global|local|shell)\b[^\n;&|]*$")
_PYENV_ANYWHERE = expression(r"\bpyenv[ \t]+install\b")
_IN_A_NAME = expression(r"[A-Za-z][-_]cp$")


def _is_given_to_pyenv(site: Site, change: Transition) -> bool:
    """Say whether pyenv is told what to install, one by one: an image for 3.13 needs that, and goes on needing 3.12."""
    if not _supports_several(change) or _is_document(site):
        return False
    return _PYENV.search(_line_around(site)[0]) is not None or _PYENV_ANYWHERE.search(site.value) is not None


def _is_in_a_name(site: Site, change: Transition) -> bool:  # noqa: ARG001 - every doubt takes both
    """Say whether a tag is a part of something's name, as in `test_cp38_arm64`."""
    text = site.source.text
    return site.declaration.codec in (Codec.COMMAND, Codec.NAMED) and all(
        token.form == "glued" and _IN_A_NAME.search(text, max(0, token.start - 4), token.start) is not None
        for token in site.group.tokens
    )


def _is_a_chosen_patch(site: Site, change: Transition) -> bool:
    """Say whether a place runs on one patch release although several Pythons are supported, and no default is named."""
    is_one = site.group.kind is Kind.SINGLE and site.group.tokens[0].micro[1:].isdigit()
    is_run = site.declaration.area in (Area.TESTED, Area.SHIPPED)
    return _supports_several(change) and not change.has_default and is_one and is_run


def _is_an_example(site: Site, change: Transition) -> bool:
    is_tested = site.declaration.area is Area.TESTED
    return _supports_several(change) and is_tested and is_example(site.source.path)


def _is_a_target_by_chance(site: Site, change: Transition) -> bool:
    """Say whether a tool reads the code as what happens to be used most, where nothing tells what is supported."""
    return not change.is_promised and site.declaration.area is Area.TARGETED


def _is_a_part_of_its_own(site: Site, change: Transition) -> bool:
    """Say whether the part of the repository that a site is in claims another oldest Python than the repository did."""
    floors = dict(change.floors)
    folder = site.source.path
    while folder and site.declaration.area is not Area.CLAIMED:
        folder = folder.rpartition("/")[0]
        if folder in floors:
            return bool(folder) and floors[folder] != change.old.minimum
    return False


# ---- all of them ---------------------------------------------------------------------------------------------------


def _supports_several(change: Transition) -> bool:
    """Say whether a version may be meant although it is not the default: where one is supported, every one is."""
    return len(change.old.supported) > 1


def _line_around(site: Site) -> tuple[str, str]:
    """Return what stands before a site on its first line, and after it on its last."""
    text, start, end = site.source.text, site.group.start, site.group.end
    stop = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : start], text[end : stop if stop >= 0 else len(text)]


_DOUBTS: tuple[tuple[Callable[[Site, Transition], bool], str], ...] = (
    (_is_translation, "a translation; look whether it says what the original says"),
    (_is_template, "a template speaks of the projects that are made from it"),
    (_takes_several_lines, "a list of several lines in a document; look whether one shall come or go"),
    (_speaks_of_pypy, "the sentence speaks of PyPy too; look at both"),
    (_is_given_to_pyenv, "pyenv installs what it is told; look which versions it shall be"),
    (_is_in_a_name, "it is a part of a longer name"),
    (_is_a_chosen_patch, "somebody chose this patch release; choose another, or name a --default"),
    (_is_an_example, "an example may be tested on whatever it is good for"),
    (_is_a_target_by_chance, "nothing tells what is supported, so it may be meant"),
    (_is_a_part_of_its_own, "the part that it is in claims another oldest Python of its own"),
)
