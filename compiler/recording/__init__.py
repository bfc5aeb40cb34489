"""Readers that turn recordings into one model."""
