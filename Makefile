# What a newcomer needs: make demo, make test. What a developer needs: make quick, make fmt.
# Python 3.11 or newer and git are all that has to be there; see CONTRIBUTING.md.

VENV := .venv
BIN := $(VENV)/bin
GNPY := .venv-gnpy
PYTEST := OPTIDSL_GNPY=$(CURDIR)/$(GNPY)/bin/python $(BIN)/python -m pytest
DEMO := examples/superpod-h100/design.optd

.PHONY: help setup engines demo test quick static lint types layers bench fmt clean

help:  ## say what the targets do
	@sed -n 's/^\([a-z]*\):.*##/\1:/p' Makefile

setup: $(VENV)/.installed  ## make .venv with the pinned versions and this checkout

$(VENV)/bin/python:
	@.ci/venv $(VENV)

$(VENV)/.locked: requirements.lock $(VENV)/bin/python
	@echo "installing the pinned versions into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

engines: $(GNPY)/.installed  ## install the programs that judge the artefacts (apt; root or sudo)
	@.ci/engines

$(GNPY)/.installed: .ci/gnpy.lock $(VENV)/.installed
	@.ci/gnpy $(VENV) $(GNPY)
	@mkdir -p $(GNPY) && touch $@

demo: setup  ## compile an example into build/demo and print its summary
	@mkdir -p build
	$(BIN)/optidsl compile $(DEMO) --out build/demo --lock build/demo.lock

static: lint types layers  ## lint, format check, types, layers

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases -p tests.engine.harness

layers: setup
	$(BIN)/lint-imports --no-cache

# The tests run even when a static check fails, so that one run tells everything.
test: setup engines  ## static checks and every test
	@failed=0; \
	$(MAKE) --no-print-directory --keep-going static || failed=1; \
	$(PYTEST) -n auto --dist loadfile --durations=15 || failed=1; \
	exit $$failed

quick: static  ## static checks and the fast tests of units and of the language, in a minute
	$(PYTEST) -q -n auto --dist loadfile -m "not slow" tests/unit tests/spec

bench: setup  ## measure; writes JSON to build/bench
	@mkdir -p build/bench
	$(BIN)/python tests/bench/run.py --json build/bench/figures.json
	$(BIN)/python tests/bench/proofs.py
	$(BIN)/python tests/bench/choice.py
	$(BIN)/python tests/bench/why_not.py
	$(BIN)/python tests/bench/plan_diff.py

fmt: setup  ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## remove what make made
	rm -rf build dist $(VENV) $(GNPY) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
