"""Drivers of cameras: the ``Driver`` of each file, by the file's name."""
