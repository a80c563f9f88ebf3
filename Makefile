# Waypost. `make help` lists what there is.
SHELL := /bin/bash
BIN := .venv/bin
PY := $(BIN)/python
SITE ?= .
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help serve test lint check lock bench shots clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

serve: .venv/runtime ## the site with demo data on http://127.0.0.1:8000 (PORT=, SITE=)
	@exec $(PY) -m kb --site $(SITE) serve --demo --host $(HOST) --port $(PORT)

test: .venv/dev ## everything: PostgreSQL and browser tests too
	@scripts/prepare system
	$(BIN)/pytest --cov=kb/rules --cov-branch --cov-report=term-missing:skip-covered

lint: .venv/dev ## lint, format, types, import contract, locks, content of the sample sites
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports
	@scripts/check-locks
	$(PY) -m kb --site . check
	$(PY) -m kb --site examples/starter check
	$(PY) -m kb --site examples/helpdesk check

check: lint ## what every commit passes: lint and the fast tests
	$(BIN)/pytest -q -x -m "not slow and not browser and not postgres and not corpus"

lock: .venv/dev ## make the lock files anew from requirements/*.in
	@scripts/lock

bench: .venv/dev ## benchmarks: ratios against a peer measured in the same run
	@scripts/bench

shots: .venv/dev ## screenshots of every page into var/shots
	@scripts/prepare system
	$(PY) -m tests.browser.shots

clean: ## forget the environment and everything compiled (keeps the database and mail)
	rm -rf .venv var/site var/templates .mypy_cache .ruff_cache .pytest_cache

.venv/runtime: requirements/runtime.txt scripts/prepare
	@scripts/prepare runtime

.venv/dev: requirements/dev.txt .venv/runtime
	@scripts/prepare dev
