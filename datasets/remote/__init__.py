"""Data sets, adapters and takes elsewhere: sent to a place behind a URL, and fetched from it."""
