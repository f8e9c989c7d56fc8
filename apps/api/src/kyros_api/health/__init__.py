"""Alive, and able to work."""
