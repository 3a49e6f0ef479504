"""A command that could not be done."""


class CommandError(RuntimeError):
    """The message says why; the exit status is 2."""
