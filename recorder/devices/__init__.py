"""The contracts of devices, and the processes that own them."""
