"""The robot, its cameras and inputs, the control loop, and takes being written."""
