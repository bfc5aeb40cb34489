"""The user's own row of a table, list, page or form, and its place there."""
