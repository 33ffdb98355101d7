"""A simulated Franka: scenes, tasks, a scripted expert, drawing."""
