"""Observe, decide, prove: from a recording to decisions that hold."""
