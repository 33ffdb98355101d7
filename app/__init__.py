"""The browser, the command line, and the entry points of processes; no logic of its own."""
