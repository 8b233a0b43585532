"""Exports of dataset files to the formats of others.

To add a format: write ``<format>.py`` here with a function
``write(source: Source, target: Path, options: ExportOptions) -> None`` that makes a file or a
folder at ``target``, where nothing is yet, from ``source.episodes()``, one frame at a time; then
list it in `formats`. Staging, renaming, interruptions and the command line are taken care of.
"""
