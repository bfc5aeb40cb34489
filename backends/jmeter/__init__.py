"""The jmeter backend."""
