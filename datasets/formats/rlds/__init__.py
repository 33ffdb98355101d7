"""Takes as an RLDS data set in the files of TensorFlow Datasets, which OpenVLA reads; written
without TensorFlow."""
