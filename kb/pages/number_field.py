"""A field for a whole number."""

from contextlib import suppress

from wtforms import IntegerField


class NumberField(IntegerField):
    """A whole number; for what is none, the field's own range says what is asked for, in our
    words, and what was typed stays."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Leave what is no number without a value."""
        with suppress(ValueError):
            super().process_formdata(valuelist)
