# Mzunguko: every target sets up what it needs. Assumed: Python 3.11-3.13, git, make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
CITY   ?= helsinki
SECONDS_ARG := $(if $(SECONDS),--seconds $(SECONDS),)

.PHONY: help setup demo test test-all test-interop node lint format serve bench lock clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(STAMP)  ## create .venv from the lock file

$(STAMP): requirements.lock setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' \
	  || { echo "Mzunguko needs Python 3.11, 3.12 or 3.13; this is $$($(PYTHON) --version 2>&1). Say which with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it first (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup      ## plan a real city and show the result (CITY=helsinki or coquimbo)
	$(BIN)/mzunguko run --sample $(CITY) --out out/$(CITY) $(SECONDS_ARG)

test: setup      ## all tests that belong in a commit
	$(BIN)/mzunguko warm --offline
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-all: setup  ## with the large counts and long runs
	$(BIN)/mzunguko warm --offline
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-interop: setup node  ## other people's programs, unmodified, against the service (installs them)
	$(BIN)/python -m tests.api.interop.live

node:            # Node and Chromium, by apt where they are missing
	@command -v npm >/dev/null && command -v chromium >/dev/null || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update && $$SUDO apt-get install --yes nodejs npm chromium; }

lint: setup      ## style, types, who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg

format: setup    ## rewrite in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: setup     ## the JSON API and the pages on http://127.0.0.1:8000
	$(BIN)/mzunguko serve

bench: setup     ## speed and quality against peers, as tables: about 90 minutes
	$(BIN)/python -m benchmarks all

lock: setup      ## write requirements.lock anew from setup.cfg
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	  --no-emit-index-url --extra dev setup.cfg --output-file requirements.lock

clean:           ## remove what the targets made
	rm -rf $(VENV) .cache out build *.egg-info
