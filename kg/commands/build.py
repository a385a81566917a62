"""Owns `kg build`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands import options


@click.command(
    name="build",
    epilog="""\b
Examples:
  kg build pages/                        a folder of saved pages
  kg build a.txt 'more/*.jsonl' -o out   files and globs, another folder
  cat papers.jsonl | kg build -          standard input
  kg build --remove pages/old.txt        take a source out again
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
@options.format_
@options.vocab
@options.jobs
def command(
    inputs: tuple[str, ...],
    outputs: Path,
    remove: tuple[str, ...],
    links: Path | None,
    format_: str | None,
    vocabulary: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Read INPUTS (files, folders, globs, - for standard input) and build the graph.

    What was read before is kept: a second build reads only what is new or changed.
    """
    if not inputs and not remove:
        raise click.UsageError("nothing to read. Give files, folders or - for standard input.")
    from kg import pipeline
    from kg.commands.progress import bar

    with bar() as progress:
        report = pipeline.build(
            inputs,
            outputs,
            remove=remove,
            format_=format_,
            vocabulary=vocabulary,
            links=links,
            jobs=jobs,
            progress=progress,
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
