"""Episodes of data sets of others, as what takes are made of."""
