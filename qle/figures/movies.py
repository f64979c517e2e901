"""Moving pictures in files: GIF, and MP4 where ffmpeg is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from qle.figures.style import PAGE, figure, one_look
from qle.store.writing import replacing

SUFFIXES = (".gif", ".mp4")
DPI, PACE = 100, 120  # of a picture; milliseconds that it is seen
REST = 10  # times as long is the last one


def check_movie(path: Path) -> None:
    """Raise ValueError unless the suffix is .gif or .mp4, and for .mp4 where there is no ffmpeg."""
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path}: must end in {' or '.join(SUFFIXES)}")
    if path.suffix == ".mp4" and shutil.which("ffmpeg") is None:
        raise ValueError(f"{path}: needs ffmpeg, which is not installed; a .gif does not")


def write_movie(path: Path, pictures: int, draw: Callable[[Figure, int], None]) -> Path:
    """Write a movie of figures that `draw` fills, a GIF that repeats or an MP4; return `path`.

    Parameters
    ----------
    path : Path
        Ends in .gif or .mp4.
    pictures : int
    draw : callable
        draw(figure, k) draws number k of them.

    Raises
    ------
    ValueError
        As `check_movie`.
    OSError
        It cannot be written; an earlier file stays as it was.
    """
    check_movie(path)
    with one_look():
        images = [_image(draw, k) for k in range(pictures)]
    with replacing(path) as file:
        if path.suffix == ".mp4":
            file.write(_mp4(images))
        else:
            first, *others = _indexed(images)
            pause = [PACE] * (pictures - 1) + [REST * PACE]
            first.save(file, format="GIF", save_all=True, append_images=others, duration=pause, loop=0)
    return path


def _indexed(images: Sequence[Image.Image]) -> list[Image.Image]:
    """Return pictures of 256 colors, the same in all: the brightest, which is paper, and means of others.

    Each color counts once, however much of it there is: else most would go to the paper, and to a color bar
    few, which change from picture to picture.
    """
    codes = np.stack([np.asarray(one) @ np.array([1 << 16, 1 << 8, 1]) for one in images])
    used, places = np.unique(codes, return_inverse=True)
    colors = np.stack([used >> 16, used >> 8 & 255, used & 255], axis=-1).astype(np.uint8)[np.newaxis]
    means = Image.fromarray(colors[:, :-1]).quantize(255, kmeans=8)
    palette = np.zeros((256, 3), np.uint8)
    chosen = np.reshape(means.getpalette() or [], (-1, 3))[:255]
    palette[: len(chosen)] = chosen
    palette[255] = colors[0, -1]
    which = np.append(np.asarray(means)[0], np.uint8(255))[places.reshape(codes.shape)]
    found = [Image.fromarray(one, "P") for one in which]
    for one in found:
        one.putpalette(palette.tobytes())
    return found


def _mp4(images: Sequence[Image.Image]) -> bytes:
    """Return an MP4 of pictures, each side cut to an even number of pixels, as most players need it."""
    width, height = (side // 2 * 2 for side in images[0].size)
    shown = [*images, *[images[-1]] * (REST - 1)]
    pixels = b"".join(one.crop((0, 0, width, height)).tobytes() for one in shown)
    read = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{width}x{height}",
        "-r",
        f"{1000 / PACE:g}",
        "-i",
        "-",
    ]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "movie.mp4"
        command = ["ffmpeg", "-loglevel", "error", *read, "-pix_fmt", "yuv420p", str(made)]
        done = subprocess.run(command, input=pixels, capture_output=True, check=False)
        if done.returncode:
            raise OSError(f"ffmpeg: {done.stderr.decode(errors='replace').strip()}")
        return made.read_bytes()


def _image(draw: Callable[[Figure, int], None], k: int) -> Image.Image:
    drawing = figure(PAGE, 3.0)
    draw(drawing, k)
    drawing.set_dpi(DPI)
    drawing.canvas.draw()
    return Image.fromarray(np.asarray(drawing.canvas.buffer_rgba())[..., :3])  # type: ignore[attr-defined]
