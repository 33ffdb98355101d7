"""One module for each kind of thing that comes from outside."""
