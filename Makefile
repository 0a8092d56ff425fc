# Coverage Desk. `make` alone lists what can be made.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv -q
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check format mutants bench screenshots lock licences audit sbom clean browser postgres

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime ## the dashboard and all it needs, on this machine; no key needed
	@exec $(BIN)/python -m lib.supervisor

# Four at a time on two cores: tests wait for servers much of the time (tests/side_by_side.py shares them out). They start
# a hundred processes, so what is compiled once is kept, whatever the machine's habit.
test: $(VENV)/.dev browser postgres proxy check ## everything: checks, unit, contract, pages, browser
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4

check: $(VENV)/.dev ## style, types and the direction of imports, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## put the code into its form
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

# Not in `make test`: all faults take hours. The process forks once for each, so it keeps to one thread.
mutants: $(VENV)/.dev ## small faults in a copy of the code, for MUTANTS_MINUTES (30): do the tests notice?
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.mutants

bench: $(VENV)/.dev browser ## our figures beside the references, as ratios
	$(BIN)/python -m bench

screenshots: $(VENV)/.dev browser ## pictures of every page, light and dark, into docs/pictures
	$(BIN)/python -m docs.screenshots

lock: $(VENV)/.dev ## renew the locks after a change of requirements*.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements.txt -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements-dev.txt -o requirements-dev.lock

licences: $(VENV)/.dev ## write docs/LICENCES.md after a change of the locks
	$(BIN)/python -m docs.dependencies licences

# Both need what uv calls a project: one that asks for just what the lock holds.
audit: $(VENV)/.dev ## look for known faults in what is locked, where the advisory service can be reached
	@$(BIN)/python -m docs.dependencies project requirements-dev.lock build/audit
	@$(UV) lock --project build/audit && $(BIN)/uv audit --preview-features audit-command --frozen --project build/audit; \
	ended=$$?; if [ $$ended = 2 ]; then echo "NOT AUDITED: the advisory service (OSV) cannot be reached from here."; \
	else exit $$ended; fi

sbom: $(VENV)/.dev ## a bill of materials of what is locked, as CycloneDX, into build/sbom.json
	@$(BIN)/python -m docs.dependencies project requirements.lock build/sbom
	@$(UV) lock --project build/sbom
	@$(UV) export --preview-features sbom-export --frozen --no-emit-project --project build/sbom --format cyclonedx1.5 -o build/sbom.json >/dev/null
	@echo "build/sbom.json is written."

clean: ## remove the environment and what was built; the data stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build

# The browser tests drive Debian's chromium, without its windows where that is to be had. Where it can neither be found nor installed, they are skipped and say so.
browser:
	@if command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the browser tests."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null; \
	else echo "chromium is not installed and cannot be from here: the browser tests will be skipped. Install it with: apt-get install chromium"; fi

# The store's tests run on PostgreSQL too, on servers of their own. Where it is missing, those are skipped and say so.
postgres:
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL for the store's tests."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	else echo "PostgreSQL is not installed and cannot be from here: its tests will be skipped. Install it with: apt-get install postgresql"; fi

# Two servers are tested behind a real nginx. Where it is missing, those tests are skipped and say so.
proxy:
	@if [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing nginx for the tests of two servers."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; \
	else echo "nginx is not installed and cannot be from here: its tests will be skipped. Install it with: apt-get install nginx-light"; fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	@echo "Setting up .venv; the first time takes about a minute."
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock | $(VENV)/bin/python
	@echo "Setting up .venv with the test tools; the first time takes about a minute."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime
