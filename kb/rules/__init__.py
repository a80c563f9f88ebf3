"""Pure rules: frozen dataclasses and functions; no web, no files, no SQL, no clock."""
