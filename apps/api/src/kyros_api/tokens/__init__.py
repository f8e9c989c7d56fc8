"""Token exchange: from a person to a person in one tenant."""
