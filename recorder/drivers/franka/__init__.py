"""What the drivers of Franka's arms share, whichever of its libraries they use."""
