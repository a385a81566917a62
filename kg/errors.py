"""Owns `KgError`: what a user can cause and mend."""


class KgError(Exception):
    """A fault in what the user gave: where, what, and what to do, in one line.

    The command line prints it without a traceback and exits with `code`: 1 where the
    input or the machine is at fault, 2 where the call itself is.
    """

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
