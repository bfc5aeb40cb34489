"""The Plan: what a load test does, free of any runtime and of any source format."""
