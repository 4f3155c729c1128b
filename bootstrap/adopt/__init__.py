"""Bringing devstrap to a repository that has drifted: one reviewed change, in phases, that can be taken back."""
