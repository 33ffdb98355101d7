"""Weights of segmenters and propagators: which are published, fetching and naming them."""
