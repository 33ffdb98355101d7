"""Drivers of robots: the ``Driver`` of each file, by the file's name."""
