"""Prove: a Plan is held against a recording, trusting nothing of how it was made."""
