"""Repositories without an image, and what each kind of them looks like."""

SERVICE = {
    "requirements.txt": "fastapi\nuvicorn\n",
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
    '@app.get("/health")\ndef health():\n    return {}\n',
}
LISTED = {
    "requirements/base.txt": "fastapi\n",
    "requirements/prod.txt": "-r base.txt\nuvicorn\n",
    "main.py": "import fastapi\n\napi = fastapi.FastAPI()\n",
}
PAGE = {"requirements.txt": "streamlit\n", "app.py": "import streamlit as st\n\nst.title('Orchard')\n"}
PROJECT = """\
[project]
name = "tally"
version = "1"
requires-python = ">=3.11"

[project.scripts]
tally = "tally:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
COMMAND = {"pyproject.toml": PROJECT, "tally/__init__.py": "def main():\n    print('tallied')\n"}
LOCKED = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
    'dependencies = ["fastapi", "uvicorn"]\n',
    "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n',
    "shop/__init__.py": "from fastapi import FastAPI\n\napp: FastAPI = FastAPI()\n",
}
CASES = {"service": SERVICE, "listed": LISTED, "page": PAGE, "command": COMMAND, "locked": LOCKED}
