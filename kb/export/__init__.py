"""A site as plain files: its real pages, rendered once, with links that need no server."""
