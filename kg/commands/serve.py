"""Owns `kg serve`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from kg.commands import options
from kg.errors import KgError
from kg.schema import DEFAULT_BASE


@click.command(
    name="serve",
    epilog="""\b
Examples:
  kg serve                       http://127.0.0.1:7070/ for people, /sparql for programs
  curl -G http://127.0.0.1:7070/sparql --data-urlencode 'query=ASK { ?p a kg:Paper }'
  kg serve --timeout 30 --max-answer 200000000
  kg serve --min-confidence 0.7  answers from what is sure
""",
)
@options.outputs
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=7070,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one.",
)
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.05),
    help="Seconds that a query may take.",
)
@click.option(
    "--max-answer",
    default=50_000_000,
    show_default=True,
    type=click.IntRange(1),
    help="Bytes that an answer may have.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1),
    help="Queries answered at once.",
)
@click.option("--base", default=DEFAULT_BASE, show_default=True, help="IRI that nodes are under.")
@options.min_confidence
def command(
    outputs: Path,
    host: str,
    port: int,
    timeout: float,
    max_answer: int,
    workers: int,
    base: str,
    min_confidence: float,
) -> None:
    """Answer SPARQL over HTTP, read-only, from the graph of a build."""
    try:
        import uvicorn

        from kg.serve import Limits, application
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kg"):
            raise
        raise KgError(f"kg serve needs {error.name}: pip install 'kg[serve]'", code=2) from None
    from functools import partial

    from kg.query.index import build, indexed
    from kg.store import Store

    open_graph = partial(Store.open, min_confidence=min_confidence)
    # Of cut graphs only the index of the last asked is kept: a server's must outlive other questions.
    index = None if min_confidence else indexed(open_graph, outputs, base)
    temporary = None if index else Path(tempfile.mkdtemp(prefix="kg-"))
    try:
        if temporary:
            build(open_graph(outputs), base, temporary / "index")
        limits = Limits(seconds=timeout, answer=max_answer, workers=workers)
        app = application(index or temporary / "index", base=base, limits=limits)  # type: ignore[operator] # one of them is
        config = uvicorn.Config(app, host=host, port=port, log_level="warning")
        _listen(config, host)
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


def _listen(config, host: str) -> None:  # type: ignore[no-untyped-def] # uvicorn is imported inside
    """Bind first, so that a port in use is one clear line, then say where and serve."""
    import uvicorn

    try:
        socket = config.bind_socket()
    except SystemExit:
        raise KgError(
            f"{host}:{config.port}: cannot listen there; choose another --port."
        ) from None
    socket.listen(128)  # who asks from here on waits until the workers are up
    number = socket.getsockname()[1]
    click.echo(f"http://{host}:{number}/ (SPARQL at /sparql; stop with Ctrl-C)")
    uvicorn.Server(config).run(sockets=[socket])
