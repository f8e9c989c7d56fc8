"""What is claimed about speed and size, as commands that measure it."""
