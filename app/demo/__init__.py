"""The whole loop unattended."""
