"""A page to review an import."""
