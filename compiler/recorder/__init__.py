"""Recording with the user's own browser, and reading what mitmproxy saved: all of it through mitmproxy, as a process of its own."""
