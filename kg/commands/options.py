"""Owns the options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

outputs = click.option(
    "--outputs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("outputs"),
    show_default=True,
    envvar="KG_OUTPUTS",
    help="Folder of the build.",
)
vocab = click.option(
    "--vocab",
    "vocabulary",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="Further known names, JSON Lines; may be given several times.",
)
format_ = click.option(
    "--format", "format_", help="Format of the input; told from its content if left out."
)
jobs = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=None,
    help="Processes that extract; as many as pay, if left out.",
)
min_confidence = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out what is less sure.",
)
