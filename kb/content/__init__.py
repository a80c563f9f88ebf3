"""Files in git become checked rules objects and rendered pages."""
