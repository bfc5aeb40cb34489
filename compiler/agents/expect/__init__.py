"""Assert: what a test can hold an application to, and what a recording already shows of failures."""
