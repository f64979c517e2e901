"""Where compiled kernels are kept when numba finds no place: installed read-only, without a usable home.

numba keeps them beside the code or in the user's cache folder; where it can write neither, it refuses to
compile. The environment variable NUMBA_CACHE_DIR names a place before all others.
"""

import os
import stat
import tempfile
import warnings
from pathlib import Path
from typing import Any

from landscape.loading import Deferred

config: Any = Deferred("numba.core.config")  # its names are made at run time
PLACE = "NUMBA_CACHE_DIR"
NOWHERE = "QUARTIC_UNCACHED"
"""Set, for this process and those it starts, where there is no place at all: it has been said."""


class CacheWarning(RuntimeWarning):
    """Compiled kernels are kept for a while only, or not at all."""


def find_folder() -> bool:
    """Let numba keep what it compiles in the user's own temporary folder; return whether there is one.

    The environment tells the processes that this one starts, so that it is said once.

    Warns
    -----
    CacheWarning
        When the folder is made, or there is none.
    """
    if NOWHERE in os.environ:
        return False
    folder = Path(tempfile.gettempdir()) / f"quartic-kernels-{os.getuid() if hasattr(os, 'getuid') else ''}"
    advice = f"{PLACE} can name a folder that lasts"
    try:
        new = _own(folder)
    except OSError:
        os.environ[NOWHERE] = "1"
        warnings.warn(
            "compiled kernels cannot be kept, so each process compiles its own: nothing can be written "
            f"beside the code, in the home folder or in {folder}; {advice}",
            CacheWarning,
            stacklevel=2,
        )
        return False
    if new:
        warnings.warn(
            f"compiled kernels are kept in {folder}: nothing can be written beside the code or in the home "
            f"folder; {advice}",
            CacheWarning,
            stacklevel=2,
        )
    os.environ[PLACE] = config.CACHE_DIR = str(folder)
    return True


def find_folder_if_homeless() -> None:
    """Find a folder where numba would take one named ~, in the working folder, for the user's cache."""
    known = "XDG_CACHE_HOME" in os.environ or os.path.isabs(os.path.expanduser("~"))
    if not (known or config.CACHE_DIR or os.access(Path(__file__).parent, os.W_OK)):
        find_folder()


def _own(folder: Path) -> bool:
    """Make a folder of this user that nobody else can write, unless there is one; return whether it is new.

    What is cached is run, so a folder of that name that somebody else has put there is not used.

    Raises
    ------
    OSError
        It cannot be made or written, or is not this user's alone.
    """
    try:
        folder.mkdir(mode=0o700)
        new = True
    except FileExistsError:
        new = False
    status = folder.lstat()
    alone = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o022
    if not alone or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        raise PermissionError(f"{folder}: belongs to somebody else, or others can write it")
    tempfile.TemporaryFile(dir=folder).close()
    return new
