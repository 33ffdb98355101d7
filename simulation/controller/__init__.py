"""A Franka's controller as its network shows it, with a simulated arm behind it: whatever drives a
robot over the Franka Control Interface drives this one."""
