"""Takes as MCAP files (https://mcap.dev/spec), which Foxglove and Rerun open."""
