"""Readers of requests that were written down, not recorded: `curl` commands, Postman collections, OpenAPI documents."""
