"""One schema for what a run measured, with a reader for each runtime."""
