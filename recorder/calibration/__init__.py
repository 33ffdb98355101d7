"""Where a camera is, measured with a ChArUco board."""
