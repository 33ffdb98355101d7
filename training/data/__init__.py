"""Takes and labels as training samples."""
