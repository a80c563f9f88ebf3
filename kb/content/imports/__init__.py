"""Other knowledge bases become a site: read, mended, written, every change reported."""
