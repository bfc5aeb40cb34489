"""The k6 backend."""
