"""Mutated inputs for everything that comes from outside, see ``benchmarks/fuzz.py``."""
