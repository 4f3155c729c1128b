"""devstrap: from cloned to working with one command."""

__version__ = "0.1.0"
