# Everything lives in this folder: `make setup` builds .venv and touches nothing outside it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Settings left over from other work must not leak into the environments built here.
unexport PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_REQUIREMENT PIP_NO_DEPS
export PIP_USER := 0

PIP_INSTALL := bin/python -m pip install -qq --no-input --disable-pip-version-check

# PYTHON, when given, or the first of these that fits: sets the shell's $python, or stops.
define find_python
for python in $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3) ""; do \
	"$$python" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		>/dev/null 2>&1 && break; \
done; \
if [ -z "$$python" ]; then \
	echo 'vawg needs Python 3.11, 3.12 or 3.13 with its venv module$(if $(PYTHON),: $(PYTHON) is not one).' >&2; \
	echo 'Install one (on Debian or Ubuntu python3-venv too), or name it: make setup PYTHON=/path/to/python3.12' >&2; \
	exit 1; \
fi
endef

.PHONY: help setup run test soak lint format test-duckdb2 bench bench-serving lock clean FORCE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: .venv/.installed ## build .venv from the lock

run: setup ## the whole way on synthetic police extracts: files, figures, picture
	.venv/bin/vawg demo

test: setup ## run every test
	.venv/bin/python -m pytest

SOAK ?= 3000

soak: setup ## kill thousands of runs at random (SOAK=3000: how many), keep a crowd at work, and try many orders of files
	SOAK=$(SOAK) SOAK_SEED=$${SOAK_SEED:-$$(date +%s)} .venv/bin/python -m pytest \
		tests/flows/test_crashes.py tests/flows/test_crowds.py tests/flows/test_properties.py

lint: setup ## check style, types and the layering of the packages
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: setup ## format the code, and mend what ruff can mend
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

test-duckdb2: .venv-duckdb2/.duckdb2 ## run the test suite on duckdb 2, in its own environment
	.venv-duckdb2/bin/python -m pytest

bench: .venv-bench/.bench ## how fast it is beside bare DuckDB, pandas and dlt (ARGS=--quick: in three minutes)
	.venv-bench/bin/python -m benchmarks $(ARGS)

bench-serving: setup ## how soon a file's figures are published, beside the start of an empty flow (8 minutes)
	.venv/bin/python -m benchmarks.serving $(ARGS)

# The second lock holds the peers of the benchmark too, and agrees with the first. Both are whole, and are installed
# without a look at what the packages ask for: with hashes pip asks for more than is locked where extras are named.
lock: ## make both locks again from pyproject.toml (UPGRADE=--upgrade: with the newest versions)
	@$(find_python); \
	tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && "$$python" -m venv "$$tmp" && \
	"$$tmp"/$(PIP_INSTALL) uv && \
	compile() { \
		"$$tmp"/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command 'make lock' $(UPGRADE) "$$@" pyproject.toml; \
	} && \
	compile --extra dev --output-file requirements.lock && \
	compile --extra bench --constraint requirements.lock --output-file benchmarks/requirements.lock

clean: ## remove the environments and all caches
	rm -rf $(VENVS) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(PACKAGES) -name __pycache__ -type d -prune -exec rm -rf {} +

PACKAGES := expectations transforms warehouse flows benchmarks tests
VENVS := .venv .venv-duckdb2 .venv-bench

# .locked is written last and holds the checkout's path: an environment that is half built, was
# copied from elsewhere (they cannot be moved) or has lost its Python is built anew.
STALE := $(shell for venv in $(VENVS); do \
	$$venv/bin/python -I -c '' 2>/dev/null && [ "$$(cat $$venv/.locked 2>/dev/null)" = "$$(pwd -P)" ] \
	|| echo $$venv/.locked; done)
$(STALE): FORCE

$(VENVS:=/.locked): requirements.lock
	@$(find_python); \
	echo "Building $(@D) with $$python: the packages in requirements.lock, 1.3 GB on disk; this takes a few minutes."; \
	rm -f $@ && "$$python" -m venv --clear $(@D) && \
	$(@D)/$(PIP_INSTALL) --require-hashes --no-deps -r requirements.lock && \
	pwd -P > $@

$(VENVS:=/.installed): %/.installed: %/.locked pyproject.toml
	@$(@D)/$(PIP_INSTALL) --no-deps --no-build-isolation -e . && touch $@

.venv-duckdb2/.duckdb2: .venv-duckdb2/.installed
	@$(@D)/$(PIP_INSTALL) --no-deps 'duckdb>=2,<3' && touch $@

.venv-bench/.bench: .venv-bench/.installed benchmarks/requirements.lock
	@$(@D)/$(PIP_INSTALL) --require-hashes --no-deps -r benchmarks/requirements.lock && touch $@
