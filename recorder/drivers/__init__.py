"""Drivers, one file each: robots, cameras, inputs. A file loads only where it is chosen."""
