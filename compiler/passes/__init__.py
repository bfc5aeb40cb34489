"""Checks on a syntax tree or Plan, one a file."""
