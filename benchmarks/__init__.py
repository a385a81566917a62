"""Measures against named peers, and long trials of what must not break."""
