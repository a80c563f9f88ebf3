"""Sends queued mail until it is told to stop."""
