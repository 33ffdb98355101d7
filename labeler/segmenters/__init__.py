"""An image and prompts in, a mask out."""
