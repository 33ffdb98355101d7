"""Other wordings of a take's instruction, proposed to whoever labels it."""
