"""Waypost: a support site made from files in git."""

__version__ = "0.1.0"
