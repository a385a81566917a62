"""Owns `kg build`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import options

if TYPE_CHECKING:
    from kg.pipeline import Report


@click.command(
    name="build",
    epilog="""\b
Examples:
  kg build pages/                        a folder of saved pages
  kg build a.txt 'more/*.jsonl' -o out   files and globs, another folder
  cat papers.jsonl | kg build -          standard input
  kg build --remove pages/old.txt        take a source out again
  kg build --engine spark corpus/        past one machine: partitions of Parquet and N-Triples
""",
)
@click.argument("inputs", nargs=-1)
@click.option(
    "-o", "--outputs", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"),
    show_default=True, envvar="KG_OUTPUTS", help="Folder that keeps the build.",
)  # fmt: skip
@click.option(
    "--remove",
    multiple=True,
    metavar="SOURCE",
    help="Take out a source, and all that rests on it alone.",
)
@click.option(
    "--links",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your same:/different: file.",
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True,
    help="What builds: this program, or Spark (pip install 'kg[spark]').",
)  # fmt: skip
@click.option(
    "--master", default="local[*]", show_default=True, envvar="SPARK_MASTER",
    help="Spark's cluster; this machine, if left out.",
)  # fmt: skip
@options.format_
@options.vocab
@options.jobs
def command(
    inputs: tuple[str, ...],
    outputs: Path,
    remove: tuple[str, ...],
    links: Path | None,
    engine: str,
    master: str,
    format_: str | None,
    vocabulary: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Read INPUTS (files, folders, globs, - for standard input) and build the graph.

    What was read before is kept: a second build reads only what is new or changed.  Spark builds
    anew, in OUTPUTS/graph-spark.
    """
    if not inputs and not remove:
        raise click.UsageError("nothing to read. Give files, folders or - for standard input.")
    if engine == "spark" and (remove or jobs):
        raise click.UsageError(
            "--remove and --jobs are not Spark's: it builds all anew, as --master says."
        )
    from kg.commands.progress import bar

    build: Callable[..., Report]
    if engine == "spark":
        from kg import spark

        build = partial(spark.build, master=master)
    else:
        from kg import pipeline

        build = partial(pipeline.build, remove=remove, jobs=jobs)
    with bar() as progress:
        report = build(
            inputs, outputs, format_=format_, vocabulary=vocabulary, links=links, progress=progress
        )
    for file, line, reason in report.unread[:10]:
        click.echo(f"kg: {file}:{line}: skipped: {reason}", err=True)
    if len(report.unread) > 10:
        click.echo(f"kg: … and {len(report.unread) - 10:,} more parts skipped.", err=True)
    click.echo(
        f"{report.papers:,} papers from {report.records:,} records in {report.sources:,} sources"
        f" ({report.extracted:,} read anew, {len(report.unread):,} parts skipped)."
    )
    click.echo(f"{report.entities:,} things and {report.statements:,} edges in {report.path}")
