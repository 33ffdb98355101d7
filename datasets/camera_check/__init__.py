"""What the pictures of a take say of its cameras: where they stand, and how late they are."""
