"""Results: which numbers are results, how they are written, and what they are about."""

from __future__ import annotations

import pytest

from kg.extract.metric_names import canonical_metric, changed_measures, implied_metrics
from kg.extract.results import find_results
from kg.extract.values import find_values
from kg.model import Mention, Result


def written(text: str, taken: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """The values of a text as results would state them."""
    return [value.written for value in find_values(text, taken)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It reaches 84.2% accuracy.", ["84.2%"]),
        (r"It reaches 84.2\% accuracy.", [r"84.2\%"]),
        ("It gains 2.8 points.", ["2.8 points"]),
        ("It is 1.5x faster.", ["1.5x"]),
        ("It is 3 times faster.", ["3x"]),
        ("It is three times faster.", ["3x"]),
        ("It is twice as fast.", ["2x"]),
        (r"It is 10$\times$ faster.", ["10x"]),
        (r"It is $10\times$ faster.", ["10x"]),
        ("It is 2.5× faster.", ["2.5x"]),
        ("A 7-fold reduction.", ["7x"]),
        ("It takes 40 milliseconds.", ["40 milliseconds"]),
        ("It gains 4-16%.", ["4-16%"]),
        ("It is 2x to 5x faster.", ["2x to 5x"]),
        ("It rises from 47.97% to 84.21%.", ["47.97%", "84.21%"]),
        ("It serves 1,024 at .5 each.", ["1,024", ".5"]),
        ("In half the time.", ["half"]),
    ],
)
def test_values_are_read_as_they_are_written(text: str, values: list[str]) -> None:
    """Units, ranges, "from A to B" and every way to say "times" are told apart."""
    assert written(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "We use GPT-4 here.",
        "A ResNet50 net.",
        "In 2023 it rose.",
        "The x_1 term.",
        "Top-k and 3D nets.",
    ],
)
def test_numbers_in_names_years_and_formulas_are_no_values(text: str) -> None:
    """A number that is part of a word, a year or a subscript is not a value."""
    assert written(text) == []


def test_a_value_inside_a_name_is_passed_over() -> None:
    """Spans of mentions and addresses hold no values."""
    text = "On WMT 14 it gets 28.4."
    assert written(text, ((3, 9),)) == ["28.4"]


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("F1-score", "F1"),
        ("F1 score", "F1"),
        ("macro-averaged F1 score", "macro F1"),
        ("accuracies", "accuracy"),
        ("speed-up", "speedup"),
        ("PPL", "perplexity"),
        ("mIOU", "mIoU"),
        ("GFLOPs", "FLOPs"),
        ("foo rates", "foo rate"),
        ("loss", "loss"),
    ],
)
def test_spellings_of_a_metric_have_one_name(surface: str, name: str) -> None:
    """Each spelling is reported under one name, and the name under itself."""
    assert canonical_metric(surface) == name
    assert canonical_metric(name) == name


def test_words_imply_a_metric() -> None:
    """ "faster" tells of a speedup, and "fewer parameters" of parameters."""
    text = "It is faster with fewer parameters."
    assert [name for _, _, name in implied_metrics(text, 0, len(text))] == ["speedup", "parameters"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It needs 40% fewer GPU hours.", ["GPU hours"]),
        ("It reduces the carbon footprint by 3x.", ["carbon footprint"]),
        ("It brings a 12% drop in boundary errors, too.", ["boundary error"]),
        ("Its cost is 1737x less than DPC.", []),
        ("It is 20% higher on average.", []),
        ("It makes 21% fewer timeouts when compared.", ["timeout"]),
    ],
)
def test_what_is_said_to_have_changed_is_a_measure(text: str, names: list[str]) -> None:
    """A measure is named by its nouns, and not by the words that a comparison goes on with."""
    assert [name for _, _, name in changed_measures(text, 0, len(text))] == names


def results(abstract: str, **names: str) -> list[Result]:
    """The results of an abstract in which each name, underscores for spaces, has a type."""
    found = []
    for key, type_ in names.items():
        name, start = key.replace("_", " "), 0
        while (start := abstract.find(name, start)) >= 0:
            found.append(Mention("abstract", start, start + len(name), name, type_))
            start += 1
    return find_results("A Title", abstract, found)


def test_a_score_has_its_metric_and_dataset() -> None:
    """A number beside a metric and a dataset is a result of both, typed."""
    abstract = "We propose FooNet. FooNet achieves 84.2% accuracy on ImageNet."
    (found,) = results(abstract, FooNet="Method", accuracy="Metric", ImageNet="Dataset")
    assert (found.value, found.metric, found.dataset) == ("84.2%", "accuracy", "ImageNet")
    assert (found.number, found.unit, found.kind, found.better) == (
        "84.2",
        "%",
        "absolute",
        "higher",
    )
    assert abstract[found.start : found.end] == "84.2%"
    assert found.confidence > 0.5


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Our method improves accuracy by 3.2%.", "+3.2%"),
        ("Our method outperforms the baseline by 3.2% in accuracy.", "+3.2%"),
        ("Our method reduces the error by 40%.", "-40%"),
    ],
)
def test_a_gain_has_its_sign(sentence: str, value: str) -> None:
    """What is gained has a plus, what is saved a minus, and both are gains."""
    (found,) = results(f"We propose a method. {sentence}", accuracy="Metric", error="Metric")
    assert found.value == value
    assert found.kind == "gain"


def test_a_ratio_is_about_what_is_implied() -> None:
    """Times faster is a ratio of speed, though no metric is named."""
    (found,) = results("We propose a method. It is 3 times faster than the baseline.")
    assert (found.value, found.metric, found.kind) == ("3x", "speedup", "ratio")


def test_numbers_in_turn_go_with_datasets_in_turn() -> None:
    """ "A and B on X and Y, respectively" are two results, each on its own dataset."""
    found = results(
        "We propose a method. It achieves 91.2% and 85.4% accuracy on FooSet and BarSet, respectively.",
        FooSet="Dataset",
        BarSet="Dataset",
        accuracy="Metric",
    )
    assert [(r.value, r.dataset) for r in found] == [("91.2%", "FooSet"), ("85.4%", "BarSet")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The model has 12 layers and 110 heads.",
        "We collect 10,000 images from 25 countries.",
        "We train on 8 tasks for 100 epochs.",
        "We mask 15% of the tokens.",
    ],
)
def test_settings_are_no_results(sentence: str) -> None:
    """Sizes, counts and ratios that the authors chose are not reported."""
    assert results(f"We propose a method. {sentence} It works well.") == []


def test_what_is_not_stated_is_left_out() -> None:
    """A gain without metric and dataset has neither."""
    (found,) = results("We propose a method. It outperforms previous methods by 5.7% on average.")
    assert (found.metric, found.dataset) == (None, None)


def test_an_abstract_without_numbers_has_no_results() -> None:
    """Nothing is found in a text without numbers, or in no text."""
    assert results("We propose a method.") == results("") == []
