"""The steps that bring an older database to the schema of today."""
