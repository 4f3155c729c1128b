"""The repositories beside this file are data: pytest collects no test of them."""

collect_ignore = ["apart", "modernized", "repository"]
