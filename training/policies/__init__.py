"""Every family of policies behind one door."""
