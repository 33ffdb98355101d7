"""What draws is chosen before anything imports mujoco, in whichever order the tests come."""

import teachloop.simulation.gl  # noqa: F401
