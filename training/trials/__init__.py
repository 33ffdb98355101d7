"""Policies tried attempt by attempt, on a robot or in the simulator, and what came of it."""
