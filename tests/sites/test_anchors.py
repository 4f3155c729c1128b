"""Versions that stay because something holds them: a digest, or a base with a Python of its own."""

import pytest
from rewriting import check_rewrite

from bootstrap.sites.anchors import FOLLOWS, PINNED, reference, with_passed
from bootstrap.sites.locate import locate

DIGEST = f"sha256:{'0a' * 32}"


def stays(path, text):
    check_rewrite(path, text, text)


def reasons(path, text):
    return {site.line: site.locked for site in locate(path, text.encode())}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM python:3.9-slim@{} AS build\n"),
        ("Dockerfile", "FROM --platform=linux/amd64 docker.io/library/python:3.9@{}\n"),
        ("Dockerfile", "FROM python:3.9-slim@${{DIGEST}}\n"),
        ("Dockerfile", "ARG PYTHON_IMAGE=python:3.9-slim@{}\nFROM ${{PYTHON_IMAGE}}\n"),
        ("Dockerfile", "ARG PYTHON_VERSION=3.9\nFROM python:${{PYTHON_VERSION}}-slim@{}\n"),
        ("Dockerfile", "ARG TAG=3.9-slim\nFROM python:$TAG@{} AS base\n"),
        ("Dockerfile", "FROM scratch\nCOPY --from=python:3.9-slim@{} /usr/local /usr/local\n"),
        ("compose.yaml", "services:\n  web:\n    image: python:3.9-slim@{}\n"),
        (".devcontainer/devcontainer.json", '{{"image": "mcr.microsoft.com/devcontainers/python:1-3.9@{}"}}\n'),
        (".github/workflows/a.yml", "jobs:\n  a:\n    container: python:3.9-slim@{}\n"),
        ("Makefile", "run:\n\tdocker run python:3.9-slim@{} python\n"),
    ],
)
def test_a_tag_with_a_digest_stays(path, text):
    stays(path, text.format(DIGEST))
    assert PINNED in reasons(path, text.format(DIGEST)).values()


def test_whatever_names_the_python_of_an_image_with_a_digest_stays_with_it():
    text = (
        f"FROM python:3.9-slim@{DIGEST} AS build\n"
        "RUN python3.9 -m venv /opt/venv\n"
        "FROM python:3.9-slim\n"
        "COPY --from=build /usr/local/lib/python3.9/site-packages /usr/local/lib/python3.9/site-packages\n"
    )
    stays("Dockerfile", text)
    assert reasons("Dockerfile", text) == {1: PINNED, 2: FOLLOWS, 3: FOLLOWS, 4: FOLLOWS}


def test_another_python_in_the_same_file_moves():
    check_rewrite(
        "Dockerfile",
        f"FROM python:3.8@{DIGEST} AS old\nFROM python:3.9\nRUN python3.9 -V\n",
        f"FROM python:3.8@{DIGEST} AS old\nFROM python:3.10\nRUN python3.10 -V\n",
    )


def test_an_image_moves_together_with_its_arguments_commands_and_folders():
    before = (
        "ARG PYTHON_VERSION=3.9\n"
        "ARG TAG=3.9-slim\n"
        "FROM python:${PYTHON_VERSION}-slim AS build\n"
        "RUN python3.9 -m pip install --target /usr/local/lib/python3.9/site-packages rich\n"
        "FROM ghcr.io/astral-sh/uv:python3.9-bookworm-slim AS tools\n"
        "FROM python:${TAG}\n"
        "COPY --from=build /usr/local/lib/python3.9/site-packages /usr/local/lib/python3.9/site-packages\n"
        "ENV PYTHONPATH=/usr/local/lib/python3.9/site-packages\n"
        'CMD ["python3.9", "-m", "app"]\n'
    )
    check_rewrite("Dockerfile", before, before.replace("3.9", "3.10"))


@pytest.mark.parametrize(
    "text",
    [
        "FROM python:3.9-slim AS build\nFROM gcr.io/distroless/python3-debian11:nonroot\nENV X=/lib/python3.9\n",
        "FROM debian:bullseye-slim\nRUN apt-get install -y python3.9 python3-pip\n",
        "FROM docker.io/library/debian:11\nRUN apt-get install -y python3 && python3.9 -V\n",
    ],
)
def test_a_base_with_a_python_of_its_own_keeps_what_fits_it(text):
    stays("Dockerfile", text)
    assert "and no other; take another base first" in " ".join(reasons("Dockerfile", text).values())


@pytest.mark.parametrize(
    "text",
    [
        "FROM ubuntu:20.04\nRUN add-apt-repository ppa:deadsnakes/ppa && apt-get install -y python3.9\n",
        "FROM debian:bullseye\nRUN uv python install 3.9\n",
        "FROM debian:bullseye AS assets\nRUN make\nFROM python:3.9-slim\n",
    ],
)
def test_a_base_whose_python_is_brought_along_holds_nothing(text):
    check_rewrite("Dockerfile", text, text.replace("3.9", "3.10"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"FROM python:3.9-slim@{DIGEST}\n", "python:3.12-slim"),
        (f"FROM registry.example.org:5000/python:3.9@{DIGEST}\n", "registry.example.org:5000/python:3.12"),
        (f"ARG TAG=3.9-slim\nFROM python:$TAG@{DIGEST}\n", "python:3.12-slim"),
    ],
)
def test_the_image_to_take_instead_is_told(text, named):
    assert reference(locate("Dockerfile", text.encode())[0], (3, 12)) == named


DOCKERFILE = f"ARG PYTHON_VERSION=3.9\nFROM python:${{PYTHON_VERSION}}@{DIGEST}\n"
COMPOSE = "services:\n  a:\n    build:\n      args:\n        PYTHON_VERSION: '3.9'\n"


@pytest.mark.parametrize(
    ("path", "text", "is_held"),
    [
        ("compose.yaml", COMPOSE, True),
        ("Makefile", "a:\n\tdocker build --build-arg PYTHON_VERSION=3.9 .\n", True),
        ("Makefile", "a:\n\tdocker build --build-arg OTHER_PYTHON=3.9 .\n", False),
        (".github/workflows/a.yml", "env:\n  PYTHON_VERSION: '3.9'\n", False),
    ],
)
def test_what_is_passed_to_a_dockerfile_stays_where_its_default_does(path, text, is_held):
    sites = [*locate("docker/Dockerfile", DOCKERFILE.encode()), *locate(path, text.encode())]
    last = with_passed(sites)[-1]
    told = "docker/Dockerfile has to keep its PYTHON_VERSION, which this is given to"
    assert (last.source.path, last.locked) == (path, told if is_held else "")
    assert with_passed(sites[1:])[-1].locked == ""
