"""Decide: one verdict for every value that a request carries, a function of facts."""
