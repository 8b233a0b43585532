"""``vla-humanoid``: a thin face over the rooms; a file for each command.

What a command needs is imported when it runs, so that ``--help`` answers at once.
"""

import sys
from collections.abc import Sequence

import tyro
from tyro.conf import FlagCreatePairsOff, PositionalMetavarFromFieldName

from vla_humanoid.assets.usd.requirements import UsdExportError
from vla_humanoid.cli.compare import compare
from vla_humanoid.cli.doctor import doctor
from vla_humanoid.cli.envs import envs
from vla_humanoid.cli.evaluate import evaluate
from vla_humanoid.cli.export import export
from vla_humanoid.cli.export_usd import export_usd
from vla_humanoid.cli.filter_ import filter
from vla_humanoid.cli.generate import generate
from vla_humanoid.cli.ground import ground
from vla_humanoid.cli.import_ import import_
from vla_humanoid.cli.inspect import inspect
from vla_humanoid.cli.log import log
from vla_humanoid.cli.merge import merge
from vla_humanoid.cli.relabel import relabel
from vla_humanoid.cli.replay import replay
from vla_humanoid.cli.rerender import rerender
from vla_humanoid.cli.scenes import scenes
from vla_humanoid.cli.serve import serve
from vla_humanoid.cli.split import split
from vla_humanoid.cli.stats import stats
from vla_humanoid.cli.termination import termination_interrupts
from vla_humanoid.cli.train import train
from vla_humanoid.cli.validate import validate
from vla_humanoid.data_collection.errors import (
    CollectionError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.sims.graphics import GraphicsUnavailable

COMMANDS = (
    generate,
    scenes,
    inspect,
    replay,
    validate,
    stats,
    merge,
    split,
    filter,
    relabel,
    rerender,
    log,
    export,
    import_,
    ground,
    train,
    evaluate,
    compare,
    serve,
    export_usd,
    envs,
    doctor,
)
"""In the order in which the help lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: done. 1: it did not succeed. 2: the request is wrong. 130: interrupted.
    """
    commands = {command.__name__.rstrip("_").replace("_", "-"): command for command in COMMANDS}
    try:
        with termination_interrupts():
            return tyro.extras.subcommand_cli_from_dict(
                commands,
                prog="vla-humanoid",
                description="Humanoid demonstrations for vision-language-action models.",
                args=arguments,
                config=(FlagCreatePairsOff, PositionalMetavarFromFieldName),
            )
    except (GraphicsUnavailable, UsdExportError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except CollectionError as error:
        sys.stderr.write(f"error: {error}\n")
        if isinstance(error, GenerationInterrupted):
            return 130
        return 1 if isinstance(error, GenerationError) else 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
