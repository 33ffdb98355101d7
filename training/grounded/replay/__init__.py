"""Answers after one take: the nearest is moved to where the object is now, and replayed."""
