"""Sign-in: how a person gets a user token."""
