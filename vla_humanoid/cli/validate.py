"""``vla-humanoid validate``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def validate(
    file: Positional[Path], sample: int = 3, json: bool = False, strict: bool = False
) -> int:
    """Check that a dataset file is sound.

    All episodes: names and shapes, checksums, language, success judged again, alignment of
    observations and states, duplicates, outliers. A sample: actions carried out again, images
    rendered again. Exits with 1 if something is wrong, with 2 if it is no dataset.

    Args:
        file: HDF5 file.
        sample: how many episodes are simulated and rendered again.
        json: print the whole report as JSON.
        strict: let warnings count as errors.
    """
    from json import dumps

    from vla_humanoid.data_collection.quality.validation import validate as validate_file
    from vla_humanoid.data_collection.quality.validation_report import print_report

    report = validate_file(file, sample)
    console = new_console()
    if json:
        console.out(dumps(report.as_json(), indent=1), highlight=False)
    else:
        print_report(report, console)
    return 0 if report.passed(strict=strict) else 1
