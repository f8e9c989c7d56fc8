"""Why a command did nothing: each is one sentence with the remedy.

Kept free of other imports, because every start of the command line needs these.
"""


class AdministrationError(Exception):
    """What was asked for makes no sense here; nothing was changed."""


class EnvironmentFaultError(Exception):
    """What was asked for is fine, and the machine is not: no database, a full disk, a lock."""
