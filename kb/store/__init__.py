"""Tables, queries and migrations; all SQL is here."""
