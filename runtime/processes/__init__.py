"""Starting processes, their urgency, and ending them with their parent."""
