"""Propagation by colours, geometry and the robot's motion, without weights."""
