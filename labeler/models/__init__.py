"""Weights of segmenters, propagators and finders: which are published, fetching and naming them."""
