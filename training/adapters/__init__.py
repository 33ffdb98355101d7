"""What was trained: weights with their cards."""
