"""Takes as one HDF5 file that robomimic trains on
(https://robomimic.github.io/docs/datasets/overview.html)."""
