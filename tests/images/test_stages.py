"""Which Python each stage of a Dockerfile runs."""

import pytest

from bootstrap.images.stages import python_of, stages


def pythons(text):
    return [(stage.name, stage.python and stage.python[1]) for stage in stages("Dockerfile", text.encode())]


@pytest.mark.parametrize(
    ("image", "minor"),
    [
        ("python:3.12", 12),
        ("docker.io/library/python:3.12.1-slim-bookworm", 12),
        ("python:3.12-alpine3.18", 12),
        ("mcr.microsoft.com/devcontainers/python:1-3.11-bookworm", 11),
        ("public.ecr.aws/lambda/python:3.13", 13),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", 12),
        ("ghcr.io/astral-sh/uv:0.9-python3.12-trixie", 12),
        ("tiangolo/uvicorn-gunicorn:python3.11", 11),
        ("registry.access.redhat.com/ubi9/python-312:latest", 12),
        ("gcr.io/distroless/python3-debian12:nonroot", 11),
        ("python:3.12-slim@sha256:0a", 12),
        ("python:3", None),
        ("python:3-slim", None),
        ("pypy:3.10", None),
        ("alpine:3.12", None),
        ("node:22", None),
        ("ghcr.io/astral-sh/uv:0.3.11", None),
        ("debian:bookworm", None),
    ],
)
def test_an_image_promises_a_python_by_its_name(image, minor):
    assert python_of(image) == (None if minor is None else (3, minor))


def test_arguments_environments_and_earlier_stages_are_followed():
    text = (
        "ARG PY=3.11\nARG BASE=python:${PY}-slim\n"
        "FROM ${BASE} AS base\n"
        "FROM base AS build\nRUN pip install x\n"
        "FROM python:${OTHER:-3.12} AS Other\n"
        "FROM other\n"
        "FROM python:$UNKNOWN\n"
        "FROM scratch\nCOPY --from=build /x /x\n"
    )
    assert pythons(text) == [
        ("base", 11),
        ("build", 11),
        ("Other", 12),
        ("3", 12),
        ("4", None),
        ("5", None),
    ]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("FROM debian:bookworm\nRUN apt-get update && \\\n  # a comment\n  apt-get install -y python3 curl\n", 11),
        ("FROM ubuntu:24.04\nRUN apt-get install -y python3.12-venv python3.12\n", 12),
        ("FROM ubuntu:22.04\nRUN add-apt-repository ppa:deadsnakes/ppa && apt-get install -y python3.12\n", 12),
        ("FROM fedora:41\nRUN dnf install -y python3.11\n", 11),
        ("FROM debian:bookworm\nRUN uv python install 3.13\n", 13),
        ("FROM debian:bookworm\nENV UV_PYTHON=3.13\nRUN uv sync\n", 13),
        ("FROM debian:bookworm\nRUN uv python install\n", None),
        ("FROM debian:bookworm\nRUN apt-get install -y python3 && pyenv install 3.12\n", None),
        ("FROM debian:bookworm\nRUN apt-get install -y curl\n", None),
        ("FROM python:3.11\nRUN uv python install 3.12 3.13 && uv venv --python 3.13\n", None),
    ],
)
def test_what_a_stage_brings_along_goes_before_its_image(text, minor):
    assert pythons(text) == [("0", minor)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "FROM {{ image }}\n", "NONSENSE\n", "ARG A=1\n"])
def test_what_cannot_be_understood_has_no_stages(text):
    assert stages("Dockerfile", text.encode()) == ()


def test_steps_tell_their_lines():
    (stage,) = stages("Dockerfile", b"# x\nFROM python:3.12\n\nRUN a && \\\n    b\nUSER me\n")
    assert [(step.name, step.text, step.line) for step in stage.steps] == [("RUN", "a && b", 4), ("USER", "me", 6)]
