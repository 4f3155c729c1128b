"""Dockerfiles as what they build, not as places that name versions."""

from bootstrap.expression import expression

IS_DOCKERFILE = expression(r"(?i)(?:^|/)(?:[^/]*(?:dockerfile|containerfile)|(?:dockerfile|containerfile)[^/]*)$")
"""What is called like a Dockerfile: `Dockerfile.dev`, `api.Dockerfile`, `Containerfile`."""
