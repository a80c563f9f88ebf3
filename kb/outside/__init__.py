"""One adapter for each outside service, each with a twin that needs nothing."""
