"""What is done about the messages of a window, one module a feature."""
