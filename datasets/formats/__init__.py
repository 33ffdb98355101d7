"""Masks of takes in the formats of others."""
