# Every target sets up what it needs; `make help` prints this list.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CORPUS ?=
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench train schemas clean

help: ## print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## a virtual environment with kg and the tools of its tests

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

run: setup ## build the graph of the example pages, write Turtle and HTML
	$(BIN)/kg build examples/pages --outputs outputs
	$(BIN)/kg export --outputs outputs --ttl --html
	@echo "Open outputs/graph.html in a browser; query outputs/graph.ttl with any SPARQL engine."

test: setup ## lint, types and all tests (browser tests need Chromium: .ci/run installs it)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

check: setup ## the quick tests only
	$(BIN)/pytest -m "not slow and not browser"

bench: setup ## all benchmarks, as ratios against a peer: [CORPUS=abstracts.jsonl.gz]
	$(BIN)/python -m benchmarks $(if $(CORPUS),--corpus $(CORPUS))

WORK ?= build/training
TRAIN := $(BIN)/python -m training
train: setup ## train the models anew: CORPUS=abstracts.jsonl.gz GOLD=folder [PAGES=folder]
	test -n "$(CORPUS)" && test -n "$(GOLD)" && mkdir -p $(WORK)
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	$(TRAIN).train_teacher --gold $(GOLD) --corpus $(CORPUS) --out $(WORK)/teacher.pt
	$(TRAIN).label --gold $(GOLD) --corpus $(CORPUS) $(if $(PAGES),--pages $(PAGES)) --teacher $(WORK)/teacher.pt --out $(WORK)/silver.npz
	$(TRAIN).train_student --gold $(GOLD) --corpus $(CORPUS) --silver $(WORK)/silver.npz --out $(WORK)/student.pt
	$(TRAIN).export $(WORK)/student.pt kg/extract/weights/ner.npz
	$(TRAIN).evaluate --gold $(GOLD) --calibration $(WORK)/calibration.json
	$(TRAIN).export $(WORK)/student.pt kg/extract/weights/ner.npz --calibration $(WORK)/calibration.json
	$(TRAIN).train_roles --gold $(GOLD) --corpus $(CORPUS) --gold-repeat 4
	$(TRAIN).train_results --gold $(GOLD) --corpus $(CORPUS)

schemas: setup ## write schemas/ anew from kg/schema.py
	$(BIN)/python -m kg.ontology

clean: ## remove the environment and what was built
	rm -rf $(VENV) build *.egg-info outputs/graph* outputs/kg.sqlite*
