# Everything runs in .venv, made from requirements.txt by the first target that needs it.
# PYTHON   the Python 3.11, 3.12 or 3.13 that makes it
# WORKERS  worker processes of one thread each, for builds, tests and sweeps; by default at most 2
# T        the tests of `make quick`, by default those of the library
# CHROMIUM the browser of check-pages and pdf; by default the first one found under its usual names
PYTHON ?= python3
WORKERS ?=
CHROMIUM ?=
NOTEBOOK ?=
PARAMS ?=
T ?=
OPTIONS ?=
export WORKERS CHROMIUM NOTEBOOK PARAMS

VENV_PYTHON := .venv/bin/python
RUN := $(VENV_PYTHON) -m tools.run
PYTEST := $(RUN) pytest -n auto

.DEFAULT_GOAL := help
.PHONY: help env book lint quick test test-all test-oldest rerun refresh check-pages pdf bench bench-peers lock clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo 'make rerun NOTEBOOK=03-el-hc PARAMS="mass_ratio=8 r_s=6.5"'
	@echo 'variables: PYTHON, WORKERS, CHROMIUM'

env: ## create .venv with the locked packages, or reuse it
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) not found; name a Python 3.11 to 3.13: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) tools/setup_env.py $(if $(filter file,$(origin PYTHON)),,--this)

book: env ## execute and build the book into _build/html
	@$(VENV_PYTHON) -m tools.build_book

lint: env ## style and types: ruff, codespell, basedpyright
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check . && .venv/bin/codespell lib tests tools benchmarks book *.md && .venv/bin/basedpyright --warnings lib

quick: env ## unit tests and doctests of the library, or those of T=path
	@$(PYTEST) -m "not slow" $(or $(T),tests lib --ignore=tests/book --ignore=tests/tools)

test: env ## tests, doctests, and what the notebooks give against their stored outputs
	@$(PYTEST) -m "not slow"

test-all: env ## the same with the tests marked slow, and every notebook executed anew
	@$(PYTEST) --execute-pages

test-oldest: env ## unit tests with the oldest numpy, scipy and numba that the library allows, in an environment of their own
	@$(VENV_PYTHON) -m tools.oldest

rerun: env ## run one notebook with other parameters: NOTEBOOK=name PARAMS="a=1 b=2", OPTIONS=--list or --no-html
	@$(VENV_PYTHON) -m tools.rerun $(OPTIONS) $(if $(NOTEBOOK),"$$NOTEBOOK") $(if $(PARAMS),"$$PARAMS")

refresh: env ## execute the notebooks (or NOTEBOOK=name) and store their text outputs
	@$(VENV_PYTHON) -m tools.refresh $$NOTEBOOK

check-pages: env ## open every built page in Chromium: accessibility, width, links, search without a network
	@$(VENV_PYTHON) -m tools.setup_check && .venv-check/bin/python -m tools.check_pages

pdf: env ## print the built book into _build/electron-hole-bilayers.pdf, with Chromium
	@$(VENV_PYTHON) -m tools.setup_check && .venv-check/bin/python -m tools.print_book

bench: env ## time the kernels against plain NumPy and SciPy
	@$(RUN) python -m benchmarks

bench-peers: env ## time other programs on the book's problems, in an environment of their own
	@$(VENV_PYTHON) -m tools.bench_peers

lock: env ## rewrite requirements.txt from requirements.in
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-emit-index-url \
		--custom-compile-command "make lock" requirements.in --output-file requirements.txt

clean: ## remove the book, the caches and the reruns; keep .venv
	@rm -rf _build .cache .pytest_cache reruns book/figures book/.ipynb_checkpoints

distclean: clean ## remove .venv too
	@rm -rf .venv .venv-check .venv-oldest .venv-peers
