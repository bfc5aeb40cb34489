"""Where a value stands in an answer, and how it can be taken from there: a module for each form of answer."""
