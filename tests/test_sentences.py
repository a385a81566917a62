"""Sentences: where they end, and where a stop ends nothing."""

import itertools

import pytest

from kg.extract.sentences import sentence_at, sentences


def split(text: str) -> list[str]:
    """The sentences of `text` as strings."""
    return [text[start:end] for start, end in sentences(text)]


def test_plain_sentences_end_at_their_stops() -> None:
    """A stop, question mark or exclamation mark before a capital ends a sentence."""
    text = "We train it. Does it help? It does! Code is out."
    assert split(text) == ["We train it.", "Does it help?", "It does!", "Code is out."]


@pytest.mark.parametrize(
    "text",
    [
        "Encoders, e.g. BERT and RoBERTa, are strong.",
        "Smith et al. 2020 show it.",
        "Smith et al. Transformers are used.",
        "It is shown in Fig. 3 and Eq. 4 below.",
        "We compare ours vs. BERT on GLUE.",
        "The score is 84.2 on v2.0 of the set.",
        "See https://example.org/a.b/c.html for code.",
        "It was shown by J. Doe that it holds.",
        "A stop. that goes on in lower case is no end.",
        "Long texts, i.e. Books, w.r.t. Memory.",
    ],
)
def test_a_stop_that_ends_nothing_does_not_split(text: str) -> None:
    """Abbreviations, decimals, addresses, initials and lower-case continuations stay whole."""
    assert split(text) == [text]


def test_an_abbreviation_can_end_a_sentence() -> None:
    """After "et al." or "etc." a common opening word begins a new sentence."""
    text = "It follows Doe et al. We extend it to vision, etc. However, it fails."
    assert split(text) == [
        "It follows Doe et al.", "We extend it to vision, etc.", "However, it fails.",
    ]  # fmt: skip


def test_names_and_numbers_can_open_a_sentence() -> None:
    """A camel-cased name, a digit, a bracket or LaTeX opens a sentence as a capital does."""
    text = "It is small. iGPT is not. 3D is hard. (Code is out.) $k$-means wins."
    assert split(text) == [
        "It is small.", "iGPT is not.", "3D is hard.", "(Code is out.)", "$k$-means wins.",
    ]  # fmt: skip


def test_a_lost_space_and_an_address_still_divide() -> None:
    """A stop glued to a common opening word ends a sentence, and an address opens one."""
    assert split("It aids forecasting.The rest is out. https://a.example/b") == [
        "It aids forecasting.", "The rest is out.", "https://a.example/b",
    ]  # fmt: skip
    assert split("See www.example.org/We for kg.extract.The_name.") == [
        "See www.example.org/We for kg.extract.The_name."
    ]


def test_closing_quotes_and_brackets_stay_with_their_sentence() -> None:
    """What closes after the stop belongs to the sentence that it closes."""
    assert split('He said "stop." Then (it ended.) Now.') == [
        'He said "stop."', "Then (it ended.)", "Now.",
    ]  # fmt: skip


def test_a_blank_line_ends_a_sentence_without_a_stop() -> None:
    """Headings and paragraphs without a stop are sentences of their own."""
    assert split("Background\n\nWe do it.\n  \nEnd") == ["Background", "We do it.", "End"]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\n", ". . .", "....", "a", "?!", "U.S. is it."])
def test_nothing_but_space_is_lost(text: str) -> None:
    """Spans are in order, do not overlap, and hold every character that is not white space."""
    spans = sentences(text)
    assert "".join(split(text)).replace(" ", "") == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_the_sentence_of_an_offset_is_found() -> None:
    """Offsets inside a sentence give its index; one in the gap gives the sentence before."""
    spans = sentences("One is. Two is. Three is.")
    assert [sentence_at(spans, offset) for offset in (0, 6, 7, 8, 16)] == [0, 0, 0, 1, 2]
    assert sentence_at([], 0) == 0
