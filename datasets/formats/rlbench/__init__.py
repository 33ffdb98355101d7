"""Demos that RLBench saved (https://github.com/stepjam/RLBench), read without any code of it."""
