"""A station on one machine, used from another: its gate there, and the line to it here."""
