"""Observe: facts of a recording, no judgement."""
