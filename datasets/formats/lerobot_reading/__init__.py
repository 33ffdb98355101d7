"""LeRobotDatasets v3.0 and v2.1, as others and as we write them, read as episodes."""
