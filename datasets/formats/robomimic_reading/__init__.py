"""HDF5 files of robomimic, as it makes them of robosuite's demos and as we write them, read as
episodes."""
