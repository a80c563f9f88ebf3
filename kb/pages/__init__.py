"""HTTP: a file or folder per feature; a view reads, asks, redirects."""
