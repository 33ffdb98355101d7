"""Segmentation by colour and edges, without weights."""
