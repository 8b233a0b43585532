"""``vla-humanoid rerender``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def rerender(
    file: Positional[Path],
    output: Path,
    cameras: tuple[str, ...] | None = None,
    image_size: int | None = None,
    randomization: Annotated[tuple[str, ...], arg(metavar="AXIS...")] = (),
    seed: int = 0,
    exact: bool = False,
    overwrite: bool = False,
) -> int:
    """Render the images of recorded episodes again, from their stored states.

    Actions and states stay as they are. Images are MuJoCo's, whatever engine simulated.

    Args:
        file: HDF5 file.
        output: HDF5 file to write.
        cameras: any of head, left_wrist, right_wrist, external; by default the recorded ones.
        image_size: edge of the square images [pixels], 16 to 1024; by default as recorded.
        randomization: looks to draw anew: some of lighting, colors, textures, camera.
        seed: of that draw.
        exact: simulate each episode again, so that without other options the images come out as
            they were to the last bit; stored states are rounded, which now and then shows in a
            pixel of an edge.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.editing.appearance import Looks
    from vla_humanoid.data_collection.editing.rerendering import View
    from vla_humanoid.data_collection.editing.rerendering import rerender as rerender_file

    view = View(cameras, image_size, Looks(randomization, seed), exact)
    count = rerender_file(file, output, view, overwrite=overwrite)
    new_console().print(f"{count} episodes rendered again: {output}", soft_wrap=True)
    return 0
