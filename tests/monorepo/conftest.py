"""The repository beside this file is data: pytest collects no test of it."""

collect_ignore = ["modernized", "repository"]
