"""Diagnostics written out: text for people, JSON, SARIF for code scanning, annotations for GitHub's log."""
