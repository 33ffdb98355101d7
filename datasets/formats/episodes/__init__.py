"""Takes as episodes of a data set, whatever its format."""
