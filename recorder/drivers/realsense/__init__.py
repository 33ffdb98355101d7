"""What the RealSense driver is made of."""
