"""Masks of objects in takes: clicks, propagation, and seeds from the robot's geometry."""
