# Everything from nothing: `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RESET ?=

.PHONY: help demo test check bench screenshots lock migration clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "installing what tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.installed  ## a seeded country on http://127.0.0.1:8080 (RESET=1 starts anew)
	@$(BIN)/python -m remote_court.assets
	@$(BIN)/remote-court demo $(if $(RESET),--reset)

test: $(VENV)/.installed-dev  ## every test, Chromium included, in two processes
	@$(BIN)/python -m remote_court.assets --tools
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.installed-dev  ## format, lint, types, import contracts, scripts, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m remote_court.assets --tools
	@$(BIN)/python -m remote_court.assets check
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.installed-dev  ## every script of benchmarks/; JSON last
	@$(BIN)/python -m remote_court.assets
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

screenshots: $(VENV)/.installed-dev  ## every page, both languages, 390 and 1280 px, into screenshots/
	@$(BIN)/python -m remote_court.assets --tools
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python tests/browser/screenshots.py

lock: $(BIN)/python  ## write the hashed locks anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	  --extra build --output-file requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	  --extra build --extra dev --output-file requirements-dev.lock pyproject.toml

migration: $(VENV)/.installed-dev  ## write a migration from the models: make migration NAME=what_changes
	@$(BIN)/python -m remote_court.schema "$(NAME)"
	@$(BIN)/ruff check --quiet --fix migrations && $(BIN)/ruff format --quiet migrations

clean:  ## forget what was installed and built; keeps the demo's data
	@rm -rf $(VENV) web/node_modules web/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
