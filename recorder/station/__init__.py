"""The process that owns the control loop: commands, session, leases, health."""
