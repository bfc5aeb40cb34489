"""The locust backend."""
