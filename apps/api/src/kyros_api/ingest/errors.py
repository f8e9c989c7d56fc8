"""Why a file was not taken; nothing was changed when it is raised."""


class RefusedError(Exception):
    """The file is refused: the message says why and what to do, on several lines if need be."""
