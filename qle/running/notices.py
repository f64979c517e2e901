"""What a sweep says where it does not end well: light, so that the command knows it before any engine."""


class SweepInterrupted(KeyboardInterrupt):
    """A sweep was interrupted; what it stored is good, and the same call resumes."""


class SweepWarning(UserWarning):
    """Some samples of a sweep did not converge."""
