"""Owns the HTTP application: its routes, status codes and headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg.query import questions
from kg.schema import DEFAULT_BASE
from kg.serve.pool import Limits, Pool
from kg.serve.protocol import Refused, accepted, check_query
from kg.terms import prefixes

_LONGEST = 1_000_000  # bytes of a query
_STATUS = {
    "refused": 400,
    "too large": 400,
    "failed": 500,
    "died": 500,
    "busy": 503,
    "timeout": 504,
}


def application(
    index: Path, *, base: str = DEFAULT_BASE, limits: Limits | None = None
) -> Starlette:
    """The endpoint over an index that `kg.query.index` made, as an ASGI application."""
    known = prefixes(base)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.pool = Pool(index, known, limits or Limits())
        yield
        app.state.pool.close()

    async def examples(request: Request) -> Response:
        rows = [
            {"name": q.name, "summary": q.summary, "sparql": q.sparql} for q in questions().values()
        ]
        return JSONResponse(rows)

    routes = [
        Route("/", _page, methods=["GET"]),
        Route("/queries", examples, methods=["GET"]),
        Route("/sparql", _sparql, methods=["GET", "POST"]),
    ]
    cors = Middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]
    )
    return Starlette(routes=routes, lifespan=lifespan, middleware=[cors])


async def _page(request: Request) -> Response:
    """The query page for people: no script or style from elsewhere."""
    text = files("kg.serve").joinpath("page.html").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


async def _sparql(request: Request) -> Response:
    try:
        query = await _query(request)
        check_query(query)
    except Refused as refused:
        return PlainTextResponse(refused.reason + "\n", refused.status)
    formats = accepted(request.headers.get("accept", "*/*"))
    pool: Pool = request.app.state.pool
    outcome, detail, body = await run_in_threadpool(pool.answer, query, formats)
    if outcome != "done":
        headers = {"Retry-After": "5"} if outcome == "busy" else {}
        return PlainTextResponse(detail + "\n", _STATUS[outcome], headers)
    return Response(body, media_type=formats[detail], headers={"Vary": "Accept"})


async def _query(request: Request) -> str:
    """The query of a request, by GET or either form of POST; `Refused` otherwise."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=100)
    body = ""
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        text = await _body(request)
        if kind == "application/sparql-query":
            body = text
        elif kind == "application/x-www-form-urlencoded":
            pairs += parse_qsl(text, keep_blank_values=True, max_num_fields=100)
        elif kind == "application/sparql-update":
            raise Refused(403, "updates are refused: this endpoint is read-only")
        else:
            raise Refused(415, "send application/sparql-query or application/x-www-form-urlencoded")
    if any(name == "update" for name, _ in pairs):
        raise Refused(403, "updates are refused: this endpoint is read-only")
    if any(name.endswith("-graph-uri") for name, _ in pairs):
        raise Refused(400, "the graph is one: default-graph-uri and named-graph-uri are refused")
    queries = [value for name, value in pairs if name == "query"] + ([body] if body else [])
    if len(queries) != 1:
        raise Refused(400, "give one query, as the parameter query or as the body")
    return queries[0]


async def _body(request: Request) -> str:
    """The body as text, up to a limit."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _LONGEST:
            raise Refused(413, f"a query may have {_LONGEST:,} bytes")
        parts.append(part)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise Refused(400, "the body is not UTF-8") from None
