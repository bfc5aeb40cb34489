"""Finding, installing and starting the load-test runtimes."""
