"""Drivers of inputs: the ``Driver`` of each file, by the file's name."""
