"""Backends: a Plan in, files for one runtime out."""
