"""Rotations, poses, camera projection and the Franka's kinematics. Needs numpy alone."""
