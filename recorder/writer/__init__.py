"""The process that writes takes."""
