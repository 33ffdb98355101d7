"""What people said about takes."""
