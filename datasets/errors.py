"""The one base of all errors that teachloop raises on purpose."""


class TeachloopError(Exception):
    """Says what was wrong and what would be right; the CLI and pages show it as it is."""
