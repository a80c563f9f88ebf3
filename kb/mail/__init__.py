"""Composing and sending mail."""

from kb.mail.letters import Letter, Letters, letters_for

__all__ = ["Letter", "Letters", "letters_for"]
