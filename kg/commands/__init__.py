"""Owns the commands: one file each, holding a click command named `command`."""
