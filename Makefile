# What a person runs here; `.ci/run` runs the same. Every target can be run on a fresh clone.

VENV ?= .venv
JUNIT ?= build/junit.xml
HOST ?= 127.0.0.1
PORT ?= 8000

# The newest supported Python that starts: a version manager may leave a command of that name that only complains.
USABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2])
ifndef PYTHON
PYTHON = $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
  if "$$python" -c '$(USABLE)' >/dev/null 2>&1; then echo "$$python"; break; fi; done)
endif

BIN = $(VENV)/bin
# Installing a package compiles it; what is used from its source is compiled here, or each start would do it again where
# Python may write no bytecode.
COMPILE = $(BIN)/python -m compileall -q src
MYSQL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mysql]'
SERVE_READY = $(VENV)/.ready-to-serve
DEV_READY = $(VENV)/.ready-to-develop
SAMPLE = build/shop.db
TOOLS = build/tools

.DEFAULT_GOAL := help
.PHONY: help serve test coverage check format docs bench tools clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

serve: $(SERVE_READY) $(SAMPLE)  ## serve the sample database on http://127.0.0.1:8000 (HOST=, PORT=)
	$(BIN)/demotic serve $(SAMPLE) --key 'Product Sales=Product_ID' --host $(HOST) --port $(PORT)

test: $(DEV_READY)  ## run the tests, report in build/junit.xml (ARGS= goes to pytest)
	@mkdir -p $(dir $(JUNIT))
	$(BIN)/python -m pytest --junitxml=$(JUNIT) $(ARGS)

coverage: $(DEV_READY)  ## run the tests and show which branches they leave out
	$(BIN)/python -m coverage run -m pytest -q $(ARGS)
	$(BIN)/python -m coverage report

check: $(DEV_READY)  ## format, lint, types, imports, front doors, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

format: $(DEV_READY)  ## put the source into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(DEV_READY)  ## write the pages that are made from the source
	$(BIN)/python docs/make_pages.py

bench: $(DEV_READY)  ## measure against hand-written code (ARGS= goes to benchmarks/run.py)
	@$(COMPILE)
	$(BIN)/python benchmarks/run.py $(ARGS)

tools: $(TOOLS)/.ready  ## install the outside tools that some tests ask for (needs npm)

clean:  ## remove what was built, the virtual environment too
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage src/*.egg-info
	find src tests examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Demotic needs Python 3.11 or newer with its venv module, and finds none: install it (on Debian: python3 python3-venv), or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c '$(USABLE)' || { echo '$(PYTHON) cannot be used: Demotic needs Python 3.11 or newer with its venv module' >&2; exit 1; }
	'$(PYTHON)' -m venv $(VENV)

$(SERVE_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	@$(COMPILE)
	@touch $@

$(DEV_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(MYSQL) >/dev/null 2>&1 || echo 'The driver of MariaDB cannot be built here (gcc, pkg-config, libmariadb-dev): tests that need it are left out'
	@$(COMPILE)
	@touch $@ $(SERVE_READY)

$(SAMPLE): $(wildcard src/demotic/sample/*.py src/demotic/sample/*.sql) | $(SERVE_READY)
	@mkdir -p $(dir $@)
	$(BIN)/python -m demotic.sample --replace $@

$(TOOLS)/.ready: tests/tools/package.json
	@mkdir -p $(TOOLS)
	cp $< $(TOOLS)/
	npm install --prefix $(TOOLS) --silent --no-audit --no-fund --no-package-lock --ignore-scripts
	@touch $@
