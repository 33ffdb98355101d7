"""Whether the takes of a data folder are spoken of in the same words."""
