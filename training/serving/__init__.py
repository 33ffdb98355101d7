"""Policies served to other processes and machines."""
