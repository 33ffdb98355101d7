"""Masks carried from labelled frames to all others."""
