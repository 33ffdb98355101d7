"""How MuJoCo draws is chosen before it is imported, whichever of these tests comes first."""

from teachloop.simulation.gl import choose_backend

choose_backend()
