"""Policies and objectives, adapters, evaluation and serving."""
