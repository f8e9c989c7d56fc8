"""What the sessions of noxfile.py call: a module a session, shared parts in `support`."""
