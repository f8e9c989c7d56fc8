"""Why seeding did not happen; nothing was changed when one of these is raised."""


class SeedError(Exception):
    """Seeding is refused. The message is one sentence with the remedy."""
