"""A server made from a recording that gives fresh values and refuses stale ones."""
