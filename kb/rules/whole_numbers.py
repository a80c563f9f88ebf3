"""Whole numbers as they stand in addresses, forms and files."""


def whole(text: str, digits: int) -> int | None:
    """Return the number that `text` writes with at most so many digits, None for anything else:
    nothing typed is a number that no database and no `int` takes."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
