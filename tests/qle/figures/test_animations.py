"""Moving pictures: the way they show, and that another library plays them."""

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageSequence

import glass
import quartic
from lattice_gps import GPSLattice
from qle.cli import main
from qle.figures import animations, movies, style
from qle.measurements.lattice import relax


def test_an_avalanche_goes_over_the_fold_to_the_minimum_after_it() -> None:
    """The last picture is where `quartic.drive` ends the avalanche; the field never falls."""
    params = GPSLattice(L=6, J=0.3, d=2)
    found = animations.avalanche(params, pictures=16)
    problem, x = relax(params, seed=0, sample=0)
    event = quartic.drive(problem, x, h_to=0.5, max_events=1).events[0]
    np.testing.assert_allclose(found.moved[0], 0.0, atol=1e-9)
    np.testing.assert_allclose(x + found.moved[-1], event.x, atol=1e-4 * event.size)
    h, mean = found.course
    assert len(h) == len(found.moved) == 16
    assert (np.diff(h) >= 0.0).all()
    assert (h[0], h[-1]) == pytest.approx((float(problem.field.mean()), event.fold.h))
    np.testing.assert_allclose(mean, (x + found.moved).mean(axis=1))
    steps = np.linalg.norm(np.diff(found.moved[10:], axis=0), axis=1)
    assert steps.max() < 2.0 * np.median(steps)  # equal lengths, but for the times that are looked at


def test_a_quench_goes_downhill() -> None:
    found = animations.quench(glass.SoftSpheres(N=36, T_p=2.0, sweeps=64), pictures=8)
    assert found.places.shape == (8, 36, 2)
    np.testing.assert_allclose(found.moved[0], 0.0, atol=1e-9)
    t, above = found.course
    assert (np.diff(t) > 0.0).all()
    assert (np.diff(above) < 0.0).all()
    assert above[-1] > 0.0


def made_up(places: np.ndarray) -> animations.Frames:
    """Return two pictures of four places."""
    moved = np.array([[0.0, 0.0, 0.0, 0.0], [0.5, -1.0, 0.25, 0.0]])
    return animations.Frames(places, moved, (np.array([0.1, 0.2]), np.array([3.0, 2.0])), "made up")


def test_pictures_are_played_by_another_library(tmp_path: Path) -> None:
    square = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    for draw, places in (
        (animations.draw_avalanche, square),
        (animations.draw_quench, np.array([square, square + 0.1])),
    ):
        assert draw(made_up(places), tmp_path / "a.gif") == tmp_path / "a.gif"
        with Image.open(tmp_path / "a.gif") as movie:
            assert (movie.format, movie.info["loop"]) == ("GIF", 0)
            assert len(list(ImageSequence.Iterator(movie))) == 2


def test_colors_stay_what_they_are(tmp_path: Path) -> None:
    """A color map and paper on most of the picture, in every frame; the paper stays white."""
    ramp = np.linspace(0.0, 1.0, 200)

    def draw(drawing: Figure, k: int) -> None:
        panel = drawing.subplots(1, 3)[k]
        panel.imshow(ramp[np.newaxis], cmap="RdBu_r", aspect=40.0)

    path = movies.write_movie(tmp_path / "a.gif", 3, draw)
    with Image.open(path) as movie:
        for k, frame in enumerate(ImageSequence.Iterator(movie)):
            with style.one_look():
                meant = np.asarray(movies._image(draw, k), int)
            shown = np.asarray(frame.convert("RGB"), int)
            assert (shown[(meant == 255).all(axis=2)] == 255).all()
            assert np.abs(shown - meant).max() <= 16  # of 255: of a palette for each frame, 38


def test_ffmpeg_is_given_all_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of this name counts the bytes of 2 pictures and 9 of rest, 3 for each pixel, sides even."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "ffmpeg").write_text('#!/bin/sh\nfor last; do :; done\n(echo "$@"; wc -c) > "$last"\n')
    (tmp_path / "ffmpeg").chmod(0o755)
    animations.draw_avalanche(made_up(np.zeros((4, 2))), tmp_path / "a.mp4")
    given, size = (tmp_path / "a.mp4").read_text().splitlines()
    width, height = map(int, re.findall(r"-s (\d+)x(\d+) -r 8.33333", given)[0])
    assert width % 2 == height % 2 == 0
    assert int(size) == 11 * 3 * width * height
    (tmp_path / "ffmpeg").write_text("#!/bin/sh\ncat > /dev/null\necho no codec >&2\nexit 1\n")
    with pytest.raises(OSError, match="ffmpeg: no codec"):
        animations.draw_avalanche(made_up(np.zeros((4, 2))), tmp_path / "a.mp4")


def test_what_cannot_be_drawn_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=r"must end in .gif or .mp4"):
        movies.write_movie(Path("a.png"), 3, lambda drawing, k: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ValueError, match=r"a.mp4: needs ffmpeg, which is not installed; a .gif does not"):
        movies.check_movie(Path("a.mp4"))
    for wrong, said in ((["-o", "a.png"], "must end in .gif or .mp4"), (["--pictures", "2"], "pictures = 2")):
        assert main(["animate", "avalanche", *wrong]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.verify
def test_the_command_writes_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["animate", "avalanche", "--L", "5", "--pictures", "12"]) == 0
    assert main(["animate", "quench", "--N", "36", "--pictures", "3", "-o", "b.gif"]) == 0
    assert capsys.readouterr().out.split() == ["avalanche.gif", "b.gif"]
