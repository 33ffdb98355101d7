"""Clicks that nobody made yet: where what a take tells of itself says that an object is."""
