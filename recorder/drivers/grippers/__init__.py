"""Drivers of grippers: the ``Driver`` of each file, by the file's name."""
