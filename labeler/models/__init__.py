"""Weights of methods: which are published, fetching and naming them."""
