"""The endpoint: the SPARQL 1.1 Protocol as real clients speak it, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query import questions
from kg.serve.protocol import Refused, accepted, check_query

COUNT = "SELECT (COUNT(*) AS ?n) { ?p a kg:Paper }"
EVERYTHING = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def started(built: Path, *arguments: str) -> Generator[str]:
    """An endpoint in a process of its own, on a free port; its address."""
    command = [
        sys.executable,
        "-m",
        "kg",
        "serve",
        "--outputs",
        str(built),
        "--port",
        "0",
        *arguments,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.fixture(scope="module")
def endpoint(built: Path) -> Iterator[str]:
    yield from started(built, "--timeout", "20")


@pytest.fixture(scope="module")
def strict(built: Path) -> Iterator[str]:
    """An endpoint with a short time limit and a small limit of answers."""
    yield from started(built, "--timeout", "0.5", "--max-answer", "2000", "--workers", "1")


def ask(
    url: str, data: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, str, dict[str, str]]:
    """Status, media type, text and headers of a request."""
    request = urllib.request.Request(url, data, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            body, status, found = response.read(), response.status, response.headers
    except urllib.error.HTTPError as error:
        with error:
            body, status, found = error.read(), error.code, error.headers
    return status, found.get_content_type(), body.decode(), dict(found.items())


def get(endpoint: str, query: str, accept: str = "*/*") -> tuple[int, str, str, dict[str, str]]:
    url = f"{endpoint}sparql?{urllib.parse.urlencode({'query': query})}"
    return ask(url, headers={"Accept": accept})


def post(
    endpoint: str, query: str, kind: str = "application/sparql-query"
) -> tuple[int, str, str, dict[str, str]]:
    return ask(f"{endpoint}sparql", query.encode(), {"Content-Type": kind})


def test_all_three_forms_of_asking_are_one(endpoint: str) -> None:
    """GET, POST of a form and POST of the query itself give the same answer."""
    form = urllib.parse.urlencode({"query": COUNT})
    rows = [
        get(endpoint, COUNT),
        post(endpoint, COUNT),
        post(endpoint, form, "application/x-www-form-urlencoded"),
    ]
    assert {row[:3] for row in rows} == {rows[0][:3]}
    status, kind, text, headers = rows[0]
    assert (status, kind) == (200, "application/sparql-results+json")
    assert json.loads(text)["results"]["bindings"][0]["n"]["value"] == "40"
    assert "Accept" in headers["vary"].split(", ")


def test_what_is_unsure_is_left_out_of_answers(built: Path, endpoint: str) -> None:
    """With --min-confidence the endpoint answers from the sure edges, and beside one with all."""
    unsure = "ASK { ?edge a rdf:Statement ; kg:confidence ?sure FILTER (?sure < 0.8) }"
    server = started(built, "--min-confidence", "0.8")
    answers = [json.loads(get(url, unsure)[2])["boolean"] for url in (next(server), endpoint)]
    server.close()
    assert answers == [False, True]


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (COUNT, "text/csv", "text/csv"),
        (COUNT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (COUNT, "text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        (COUNT, "image/png", "application/sparql-results+json"),
        ("ASK { ?s ?p ?o }", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK { ?s ?p ?o }", "text/csv, */*;q=0.1", "application/sparql-results+json"),
        ("CONSTRUCT WHERE { ?p kg:introduces ?m }", "*/*", "text/turtle"),
        ("CONSTRUCT WHERE { ?p kg:introduces ?m }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?p kg:introduces ?m }", "application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?p kg:introduces ?m }", "application/ld+json", "application/ld+json"),
        ("DESCRIBE method:bert", "text/turtle", "text/turtle"),
    ],
)  # fmt: skip
def test_the_answer_is_as_it_is_asked_for(
    endpoint: str, query: str, accept: str, kind: str
) -> None:
    """Each kind of query is answered in the form that the client accepts, and reads as that."""
    status, found, text, _ = get(endpoint, query, accept)
    assert (status, found) == (200, kind)
    if "CONSTRUCT" in query or "DESCRIBE" in query:
        form = ox.RdfFormat.from_media_type(kind)
        assert form
        assert len(list(ox.parse(text, format=form))) > 5
    elif kind != "text/csv":
        results = ox.QueryResultsFormat.from_media_type(kind)
        assert results
        ox.parse_query_results(text, results)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT * {", 400, "query:1:11"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 400, "not SPARQL"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("SELECT * { service silent ?x { ?s ?p ?o } }", 403, "SERVICE"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(endpoint: str, query: str, status: int, words: str) -> None:
    """Malformed queries, updates and calls of other endpoints are refused in words."""
    for found in (get(endpoint, query), post(endpoint, query)):
        assert found[:2] == (status, "text/plain")
        assert words in found[2]


def test_requests_that_are_no_query_are_refused(endpoint: str) -> None:
    """Updates, two queries, none, another media type and another method have their own codes."""
    url, form = f"{endpoint}sparql", "application/x-www-form-urlencoded"
    assert post(endpoint, "CLEAR ALL", "application/sparql-update")[0] == 403
    assert post(endpoint, "update=CLEAR+ALL", form)[0] == 403
    assert ask(url)[0] == 400
    assert ask(f"{url}?query=ASK%7B%7D&query=ASK%7B%7D")[0] == 400
    assert ask(f"{url}?query=ASK%7B%7D&default-graph-uri=http://a/")[0] == 400
    assert post(endpoint, COUNT, "text/plain")[0] == 415
    assert post(endpoint, "query=" + "x" * 1_100_000, form)[0] == 413
    request = urllib.request.Request(url, b"", method="DELETE")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as error:
        assert error.code == 405


def test_other_pages_may_ask(endpoint: str) -> None:
    """A page from elsewhere may read answers (CORS), and ask first whether it may."""
    headers = {"Origin": "https://example.org"}
    assert (
        ask(f"{endpoint}sparql?query=ASK%7B%7D", headers=headers)[3]["access-control-allow-origin"]
        == "*"
    )
    before = urllib.request.Request(
        f"{endpoint}sparql", method="OPTIONS",
        headers={**headers, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"},
    )  # fmt: skip
    with urllib.request.urlopen(before) as response:
        assert response.status == 200
        assert "POST" in response.headers["access-control-allow-methods"]


def test_nothing_is_ever_written(endpoint: str, built: Path) -> None:
    """After all that was refused, the graph is as it was."""
    first = get(endpoint, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[2]
    post(endpoint, "update=DELETE+WHERE+%7B+?s+?p+?o+%7D", "application/x-www-form-urlencoded")
    assert get(endpoint, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[2] == first


def test_a_query_that_takes_too_long_is_stopped(strict: str) -> None:
    """It ends with 504, and the one worker is there again for the next."""
    slow = f"SELECT (COUNT(*) AS ?n) {{ {EVERYTHING[10:-1]} }}"
    assert get(strict, slow)[0] == 504
    assert [get(strict, "ASK {}")[0] for _ in range(3)] in ([200] * 3, [504, 200, 200])
    assert get(strict, slow)[0] == 504


def test_an_answer_that_is_too_large_is_refused(strict: str) -> None:
    """It ends with 400 and says what to do; a smaller one is given."""
    get(strict, "ASK {}")
    status, _, text, _ = get(strict, "SELECT * { ?s ?p ?o } LIMIT 100")
    assert status == 400
    assert "LIMIT" in text
    assert get(strict, "SELECT * { ?s ?p ?o } LIMIT 2")[0] == 200


@pytest.mark.slow
def test_a_query_that_takes_too_much_memory_dies_alone(built: Path) -> None:
    """The worker dies, the client reads 500, and the next query is answered."""
    from kg.query.index import indexed
    from kg.serve.pool import Limits, Pool
    from kg.store import Store
    from kg.terms import prefixes

    index = indexed(Store.open, built)
    assert index
    pool = Pool(
        index,
        prefixes("https://kg.example/id/"),
        Limits(seconds=120, memory=1_000_000_000, workers=1),
    )
    try:
        formats = accepted("*/*")
        outcome = pool.answer(f"{EVERYTHING} ORDER BY ?i ?f LIMIT 1", formats)[0]
        assert outcome == "died"
        assert pool.answer("ASK {}", formats)[0] == "done"
    finally:
        pool.close()


def test_the_page_for_people_works_alone(endpoint: str) -> None:
    """The page is served with a policy that lets nothing in from elsewhere, and names none."""
    status, kind, text, headers = ask(endpoint)
    assert (status, kind) == (200, "text/html")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "http://" not in text
    assert "https://" not in text
    names = {row["name"] for row in json.loads(ask(f"{endpoint}queries")[2])}
    assert names == set(questions())


@pytest.mark.browser
def test_the_page_answers_in_a_browser(endpoint: str) -> None:
    """A person picks a question, runs it and sees rows; an error is shown as text."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        executable = shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: problems.append(message.text) if message.type == "error" else None,
        )
        page.goto(endpoint)
        page.wait_for_selector("option:nth-child(5)", state="attached")
        page.select_option("#example", label=next(
            text for text in page.locator("option").all_inner_texts() if text.startswith("most-evaluated")
        ))  # fmt: skip
        page.click("button")
        page.wait_for_selector("tbody tr")
        assert "ImageNet" in page.inner_text("table")
        assert problems == []
        page.fill("#query", "SELECT <script>alert(1)</script>")
        page.click("button")
        page.wait_for_selector("pre")
        assert "not SPARQL" in page.inner_text("pre")
        browser.close()


def test_a_port_in_use_is_one_line(endpoint: str, built: Path) -> None:
    """A second server on the same port says so in one line."""
    port = endpoint.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "kg", "serve", "--outputs", str(built), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "another --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_listens_on_this_machine_alone(endpoint: str) -> None:
    """Unless told otherwise the endpoint is bound to loopback."""
    assert endpoint.startswith("http://127.0.0.1:")


def test_sparqlwrapper_is_served(endpoint: str) -> None:
    """SPARQLWrapper reads SELECT as JSON and XML, ASK, and CONSTRUCT into an rdflib graph."""
    from SPARQLWrapper import JSON, POST, TURTLE, XML, SPARQLWrapper

    client = SPARQLWrapper(f"{endpoint}sparql")
    client.setQuery(COUNT)
    client.setReturnFormat(JSON)
    assert client.query().convert()["results"]["bindings"][0]["n"]["value"] == "40"
    client.setMethod(POST)
    client.setReturnFormat(XML)
    assert "40" in client.query().convert().toxml()
    client.setQuery("ASK { ?p a kg:Paper }")
    client.setReturnFormat(JSON)
    assert client.query().convert()["boolean"] is True
    client.setQuery("CONSTRUCT WHERE { ?p kg:introduces ?m }")
    client.setReturnFormat(TURTLE)
    assert b"introduces" in client.query().convert()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not on this machine")
def test_curl_is_served(endpoint: str) -> None:
    """curl asks with -G and --data-urlencode, as the help says."""
    command = [
        "curl",
        "-sS",
        "-G",
        f"{endpoint}sparql",
        "-H",
        "Accept: text/csv",
        "--data-urlencode",
        f"query={COUNT}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["n", "40"]


@pytest.mark.slow
def test_comunica_is_served(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Comunica, a query engine in JavaScript, takes the endpoint for a SPARQL source."""
    if not shutil.which("npm"):
        pytest.skip("npm is not on this machine")
    folder = tmp_path_factory.mktemp("comunica")
    install = [
        "npm",
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        "@comunica/query-sparql@3",
    ]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        pytest.skip("npm cannot reach its registry")
    query = "SELECT ?n WHERE { ?d a <https://kg.example/ns#Dataset> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?n } ORDER BY ?n"
    client = folder / "node_modules" / ".bin" / "comunica-sparql"
    command = [
        str(client),
        f"sparql@{endpoint}sparql",
        query,
        "-t",
        "application/sparql-results+json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    names = [row["n"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]]
    expected = json.loads(get(endpoint, query)[2])["results"]["bindings"]
    assert names == [row["n"]["value"] for row in expected]
    assert "ImageNet" in names


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p '''a ' SERVICE''' }",
        "SELECT * { ?service ?p <http://x/SERVICE> } # SERVICE",
        "SELECT * { ex:SERVICE service:x ?y FILTER(?y < 3 && ?y > 1) }",
        'SELECT * { ?s ?p "\\"SERVICE" , "x"@service }',
    ],
)
def test_the_word_alone_is_no_service(query: str) -> None:
    """In strings, IRIs, comments, variables and names the word is let through."""
    check_query(query)


@given(
    before=st.sampled_from(
        ["", '"a" ', "<a:b> ", "?x < 1 ", "# c\n", "'it\\'s' ", '"""a"b""" ', "a:b ", "1 < 2 } "]
    )
)
def test_service_is_seen_behind_anything(before: str) -> None:
    """Whatever well-formed stands before it, the keyword is seen."""
    with pytest.raises(Refused):
        check_query(f"SELECT * {{ {before}SERVICE <http://x/> {{}} }}")


@pytest.mark.parametrize("escaped", ["SERVIC\\u0045", "\\u005Cu0053ERVICE", "\\U00000053ERVICE"])
def test_service_is_seen_behind_escapes(escaped: str) -> None:
    """However its letters are escaped."""
    with pytest.raises(Refused):
        check_query(f"SELECT * {{ {escaped} <http://x/> {{}} }}")
