"""Images and runtimes."""

import pytest
from rewriting import check_rewrite
from tables import moving, staying

MOVES = {
    "docker.from": ("Dockerfile", "FROM python:3.9-slim AS build\n", "FROM python:3.10-slim AS build\n"),
    "docker.arg": (
        "Dockerfile",
        "ARG TAG=3.9\nFROM python:${TAG}-slim\n",
        "ARG TAG=3.10\nFROM python:${TAG}-slim\n",
    ),
    "docker.run": (
        "Dockerfile",
        "FROM debian\nRUN apt-get install -y python3.9 && \\\n    uv venv --python 3.9\n",
        "FROM debian\nRUN apt-get install -y python3.10 && \\\n    uv venv --python 3.10\n",
    ),
    "compose.arg": (
        "compose.yaml",
        "services:\n  web:\n    build:\n      args:\n        PYTHON_VERSION: '3.9'\n",
        "services:\n  web:\n    build:\n      args:\n        PYTHON_VERSION: '3.10'\n",
    ),
    "compose.image": (
        "docker-compose.yml",
        "services:\n  web:\n    image: python:3.9\n",
        "services:\n  web:\n    image: python:3.10\n",
    ),
    "bake.value": (
        "docker-bake.hcl",
        'variable "PYTHON_VERSION" {\n  default = "3.9"\n}\ntarget "a" {\n  args = { PY = "3.9", NODE = "3.9" }\n}\n',
        'variable "PYTHON_VERSION" {\n  default = "3.10"\n}\ntarget "a" {\n  args = { PY = "3.10", NODE = "3.9" }\n}\n',
    ),
    "devcontainer.option": (
        ".devcontainer/devcontainer.json",
        '{"features": {"ghcr.io/devcontainers/features/python:1": {"version": "3.9"}}, /* x */}\n',
        '{"features": {"ghcr.io/devcontainers/features/python:1": {"version": "3.10"}}, /* x */}\n',
    ),
    "devcontainer.image": (
        ".devcontainer/devcontainer.json",
        '{"image": "mcr.microsoft.com/devcontainers/python:1-3.9-bullseye"}\n',
        '{"image": "mcr.microsoft.com/devcontainers/python:1-3.10-bullseye"}\n',
    ),
    "runtime.txt": ("runtime.txt", "python-3.9\n", "python-3.10\n"),
    "serverless.runtimes": (
        "template.yaml",
        "CompatibleRuntimes:\n  - python3.8\n  - python3.9\n  - python3.10\n  - python3.11\n",
        "CompatibleRuntimes:\n  - python3.10\n  - python3.11\n  - python3.12\n",
    ),
    "serverless.runtime": (
        "serverless.yml",
        "provider:\n  name: aws\n  runtime: python3.9\n",
        "provider:\n  name: aws\n  runtime: python3.10\n",
    ),
    "serverless.json": (
        "vercel.json",
        '{"functions": {"api/*.py": {"runtime": "python3.9"}}}\n',
        '{"functions": {"api/*.py": {"runtime": "python3.10"}}}\n',
    ),
    "platform.key": ("heroku.yml", "build:\n  config:\n    PYTHON: '3.9'\n", "build:\n  config:\n    PYTHON: '3.10'\n"),
    "platform.variable": (
        "render.yaml",
        "services:\n  - envVars:\n      - key: PYTHON_VERSION\n        value: '3.9'\n",
        "services:\n  - envVars:\n      - key: PYTHON_VERSION\n        value: '3.10'\n",
    ),
    "platform.other": (".platform.app.yaml", "type: 'python:3.9'\n", "type: 'python:3.10'\n"),
    "platform.toml": (
        "netlify.toml",
        '[build.environment]\nPYTHON_VERSION = "3.9"\nNODE_VERSION = "3.9"\n',
        '[build.environment]\nPYTHON_VERSION = "3.10"\nNODE_VERSION = "3.9"\n',
    ),
    "snap.python": (
        "snap/snapcraft.yaml",
        "parts:\n  a:\n    stage-packages: [python3.9-minimal]\n".replace("[python3.9-minimal]", "python3.9-minimal"),
        "parts:\n  a:\n    stage-packages: python3.10-minimal\n",
    ),
}

STAYS = {
    "docker.from": ("Dockerfile", "FROM alpine:3.9\nFROM python:3.9@sha256:abc\nFROM pypy:3.9\nFROM python:3\n"),
    "docker.arg": ("Dockerfile", "ARG ALPINE=3.9\nFROM alpine:${ALPINE}\n"),
    "docker.run": ("Dockerfile", "FROM debian\nRUN pip install django==3.9 cmake==3.8\n"),
    "compose.arg": ("compose.yaml", "services:\n  web:\n    build:\n      args:\n        ALPINE: '3.9'\n"),
    "compose.image": ("compose.yaml", "version: '3.9'\nservices:\n  web:\n    image: rabbitmq:3.9\n"),
    "bake.value": ("docker-bake.hcl", 'variable "ALPINE" { default = "3.9" }\n'),
    "devcontainer.option": ("devcontainer.json", '{"features": {"node:1": {"version": "3.9"}}}\n'),
    "devcontainer.image": ("devcontainer.json", '{"image": "alpine:3.9"}\n'),
    "runtime.txt": ("runtime.txt", "python-3.11\n"),
    "serverless.runtimes": ("template.yaml", "CompatibleRuntimes:\n  - nodejs18.x\n  - python3.10\n"),
    "serverless.runtime": ("serverless.yml", "frameworkVersion: '3.9'\nprovider:\n  runtime: python3.11\n"),
    "serverless.json": ("vercel.json", '{"version": "3.9", "x": "python"}\n'),
    "platform.key": ("render.yaml", "services:\n  - ruby: 3.9\n"),
    "platform.variable": ("render.yaml", "services:\n  - envVars:\n      - key: RUBY\n        value: '3.9'\n"),
    "platform.other": ("heroku.yml", "build:\n  docker:\n    web: alpine:3.9\n"),
    "platform.toml": ("netlify.toml", '[build.environment]\nHUGO_VERSION = "3.9"\n'),
    "snap.python": ("snapcraft.yaml", "version: '3.9'\nbase: core22\n"),
}


test_what_is_declared_moves = moving(MOVES)
test_what_is_not_meant_stays = staying(STAYS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("python:3.9", "python:3.10"),
        ("docker.io/library/python:3.9-slim-bookworm", "docker.io/library/python:3.10-slim-bookworm"),
        ("ghcr.io/astral-sh/uv:python3.9-bookworm", "ghcr.io/astral-sh/uv:python3.10-bookworm"),
        ("--platform=linux/amd64 python:3.9 AS a", "--platform=linux/amd64 python:3.10 AS a"),
        ("public.ecr.aws/lambda/python:3.9", "public.ecr.aws/lambda/python:3.10"),
        ("python:3.9-alpine3.9", "python:3.10-alpine3.9"),
        ("tiangolo/uvicorn-gunicorn:python3.9", "tiangolo/uvicorn-gunicorn:python3.10"),
        (
            "mcr.microsoft.com/azure-functions/python:4-python3.9",
            "mcr.microsoft.com/azure-functions/python:4-python3.10",
        ),
    ],
)
def test_an_image_keeps_all_but_its_version(before, after):
    check_rewrite("docker/api.Dockerfile", f"FROM {before}\n", f"FROM {after}\n")


@pytest.mark.parametrize("path", ["Containerfile", "Dockerfile.dev", "app.dockerfile", "x/Dockerfile-web"])
def test_dockerfiles_have_many_names(path):
    check_rewrite(path, "FROM python:3.9\n", "FROM python:3.10\n")


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("app.yaml", "runtime: python39\n"),
        ("samples/app.yaml", "runtime: python39\n"),
        ("sam-template.yaml", "Globals:\n  Function:\n    Runtime: python3.9\n"),
        ("function.yaml", "Runtime: python3.9\n"),
    ],
)
def test_runtimes_of_functions_move(path, before):
    path = path.replace("sam-template", "template-sam")
    check_rewrite(path, before, before.replace("python39", "python310").replace("python3.9", "python3.10"))


def test_an_argument_behind_the_number_of_an_image_moves():
    before = 'ARG VARIANT="3.9-bullseye"\nFROM mcr.microsoft.com/devcontainers/python:1-${VARIANT}\n'
    check_rewrite(".devcontainer/Dockerfile", before, before.replace("3.9", "3.10"))
