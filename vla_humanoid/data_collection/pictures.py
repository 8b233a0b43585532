"""Pictures of recorded episodes: a video of one, a contact sheet of many."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError

_LEAST_HEIGHT = 224
"""Smaller images are enlarged to about this many pixels, so that words fit under them."""
_FONT_SIZE = 15
_MARGIN = 6
_SHEET_COLUMNS = 5
_SHEET_ROWS = 12
_PAPER, _INK = (255, 255, 255), (20, 20, 20)


def write_video(dataset: DatasetFile, number: int, path: Path) -> None:
    """Write a demo as an H.264 video: the cameras side by side above the instruction.

    Args:
        dataset: where it is.
        number: k of ``demo_k``.
        path: of the video, ending in ``.mp4``.

    Raises:
        ConfigurationError: if the video cannot be written there.
        DatasetError: if there is no such demo, or it has no images.
    """
    _check_target(path, ".mp4")
    demo = dataset.demo(f"demo_{number}")
    sentence = demo.text("instruction")
    rate = Fraction(dataset.rate).limit_denominator(1000)
    try:
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=rate)
            stream.pix_fmt = "yuv420p"
            stream.width, stream.height = _captioned(_side_by_side(demo, 0), sentence).size
            for step in range(demo.steps):
                page = _captioned(_side_by_side(demo, step), sentence)
                container.mux(stream.encode(av.VideoFrame.from_image(page)))
            container.mux(stream.encode())
    except FFmpegError as error:
        raise ConfigurationError(f"{path} cannot be written: {error}.") from error


def write_contact_sheet(dataset: DatasetFile, path: Path) -> None:
    """Write a picture with a row of frames for each of the first demos, under its instruction.

    Args:
        dataset: where they are.
        path: of the picture, ending in ``.png``.

    Raises:
        ConfigurationError: if the picture cannot be written there.
        DatasetError: if there are no demos, or they have no images.
    """
    _check_target(path, ".png")
    rows = [_row(dataset.demo(name)) for name in dataset.demo_names()[:_SHEET_ROWS]]
    if not rows:
        raise DatasetError(f"{dataset.path} holds no demos to show.")
    sheet = Image.new("RGB", (max(r.width for r in rows), sum(r.height for r in rows)), _PAPER)
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    try:
        sheet.save(path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error}.") from error


def _check_target(path: Path, suffix: str) -> None:
    if path.suffix.lower() != suffix:
        raise ConfigurationError(f"{path} must end in {suffix}.")
    if not path.parent.is_dir():
        raise ConfigurationError(f"The folder {path.parent} does not exist; create it first.")


def _row(demo: Demo) -> Image.Image:
    steps = np.linspace(0, demo.steps - 1, min(_SHEET_COLUMNS, demo.steps)).round().astype(int)
    frames = [_side_by_side(demo, int(step)) for step in steps]
    outcome = "" if demo.success else f" (failed: {demo.text('failure')})"
    return _captioned(_beside(frames), f"{demo.name}: {demo.text('instruction')}{outcome}")


def _side_by_side(demo: Demo, step: int) -> Image.Image:
    if not demo.cameras:
        raise DatasetError(f"{demo.name} holds no images; it was generated without cameras.")
    # The head looks first, as in the order of the command line.
    cameras = sorted(demo.cameras, key=lambda camera: (camera != "head", camera))
    return _beside([_enlarged(demo.image(camera, step)) for camera in cameras])


def _enlarged(pixels: NDArray[np.uint8]) -> Image.Image:
    factor = ceil(_LEAST_HEIGHT / pixels.shape[0])
    return Image.fromarray(pixels.repeat(factor, axis=0).repeat(factor, axis=1))


def _beside(images: Sequence[Image.Image]) -> Image.Image:
    width, height = sum(image.width for image in images), max(image.height for image in images)
    whole = Image.new("RGB", (width, height), _PAPER)
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width
    return whole


def _captioned(image: Image.Image, sentence: str) -> Image.Image:
    font = ImageFont.load_default(_FONT_SIZE)
    lines = _wrapped(sentence, image.width - 2 * _MARGIN, font)
    line_height = _FONT_SIZE + _MARGIN
    height = image.height + len(lines) * line_height + _MARGIN
    # H.264 with the usual colour format wants even sizes.
    page = Image.new("RGB", (image.width + image.width % 2, height + height % 2), _PAPER)
    page.paste(image, (0, 0))
    draw = ImageDraw.Draw(page)
    for index, line in enumerate(lines):
        draw.text((_MARGIN, image.height + _MARGIN + index * line_height), line, _INK, font)
    return page


def _wrapped(
    sentence: str, width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> list[str]:
    lines = [""]
    for word in sentence.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
