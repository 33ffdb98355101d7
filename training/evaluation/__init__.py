"""Policies tried on many scenes."""
