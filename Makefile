# Upward: everything a developer or a new machine needs, with nothing but Python 3.11, pip and make.
#
#   make demo          the program on invented data: pages in demo/, then the workbench on http://127.0.0.1:8000
#   make demo REAL=1   the same on the published files, downloaded first
#   make test          the whole test suite
#   make check         lint, format, types, layers, documentation and lock files up to date
#
# Every target makes the environment it needs in .venv; nothing is repeated when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
COMPILED ?= .venv-compiled
BIN := $(VENV)/bin
SERVE ?= 1
REAL ?= 0
DEMO ?= demo
# Debian's python without its venv package has no pip inside a new environment; the outer pip then does the work.
PIP = $(if $(wildcard $(BIN)/pip),$(BIN)/python -m pip,$(PYTHON) -m pip --python $(BIN)/python)
INSTALL = $(PIP) install --quiet --disable-pip-version-check --no-input
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.PHONY: help setup compiled test check demo bench serve lock docs messages images clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Upward needs Python 3.11 or newer; name one with PYTHON=/path/to/python3.11." >&2; exit 2; }
	@echo "Making the environment in $(VENV) ..."
	@"$(PYTHON)" -m venv $(VENV) 2>/dev/null || "$(PYTHON)" -m venv --clear --without-pip $(VENV)

# The package itself is installed as the checkout it is, without a download and without its dependencies.
$(VENV)/.package: pyproject.toml requirements/base.txt | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements/base.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.package
	@$(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.check: requirements/check.txt $(VENV)/.package
	@$(INSTALL) --require-hashes -r requirements/check.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.package
	@$(INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)/.lock: requirements/lock.txt $(VENV)/.package
	@$(INSTALL) --require-hashes -r requirements/lock.txt
	@touch $@

# The same package in an environment of its own, with what draws pages as machine code, made of a copy: compiled files
# beside the source would hide later changes of it.
compiled:  ## a second environment whose pages are drawn in half the time; needs a C compiler
	@command -v $${CC:-cc} >/dev/null || { echo "make compiled needs a C compiler, such as Debian's gcc, and Python's headers." >&2; exit 2; }
	@$(MAKE) --no-print-directory VENV=$(COMPILED) $(COMPILED)/.compiled

$(VENV)/.compile-tools: requirements/compile.txt | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements/compile.txt
	@touch $@

$(VENV)/.compiled: pyproject.toml $(VENV)/.compile-tools $(shell find src/upward -name '*.py')
	@echo "Compiling; this takes one to two minutes ..."
	@copy="$$(mktemp -d)"; trap 'rm -rf "$$copy"' EXIT; cp -R pyproject.toml README.md LICENSE NOTICE src "$$copy"; \
		HATCH_BUILD_HOOKS_ENABLE=1 $(INSTALL) --no-deps --no-build-isolation --force-reinstall "$$copy"
	@touch $@

setup: $(VENV)/.package  ## the environment alone; leaves .venv/bin/upward

test: $(VENV)/.test  ## the whole test suite; ARGS="-k name" narrows it
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/.check  ## lint, format, types, layers, documentation and lock files up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python -m pytest -q tests/repo

demo: $(VENV)/.package  ## three place pages, then the workbench; REAL=1 takes the published files, SERVE=0 stops before serving
	@$(BIN)/upward --home $(DEMO)/home demo --into $(DEMO) \
		$(if $(filter 1,$(REAL)),--real) $(if $(filter 0,$(SERVE)),--no-serve)

bench: $(VENV)/.bench compiled  ## the benchmarks; they rewrite benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks.run

serve: $(VENV)/.package  ## the workbench on http://127.0.0.1:8000
	@$(BIN)/upward serve

lock: $(VENV)/.lock  ## resolve requirements/*.txt anew from pyproject.toml
	$(LOCK) --extra build --extra web --extra documents -o requirements/base.txt
	$(LOCK) --extra build --extra web --extra documents --extra estimate --extra spark --extra test -o requirements/test.txt
	$(LOCK) --extra build --extra web --extra documents --extra estimate --extra spark --extra test --extra check -o requirements/check.txt
	$(LOCK) --extra build --extra web --extra documents --extra estimate --extra spark --extra test --extra bench -o requirements/bench.txt
	$(LOCK) --extra build --extra web --extra documents --extra compile -o requirements/compile.txt
	$(LOCK) --extra build --extra web --extra documents --extra lock -o requirements/lock.txt

docs: $(VENV)/.check  ## write the generated reference pages anew
	@$(BIN)/python docs/generate.py

messages: $(VENV)/.package  ## collect the texts for people into the Spanish message file; then translate what is new
	@pot="$$(mktemp)"; trap 'rm -f "$$pot"' EXIT; \
	$(BIN)/pybabel --quiet extract -F babel.cfg -k to_translate -k translated_later -k ngettext:1,2 -k pgettext:1c,2 --no-location --sort-output -o "$$pot" .; \
	$(BIN)/pybabel --quiet update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --width 110 \
		-i "$$pot" -l es -o src/upward/base/locale/es/LC_MESSAGES/upward.po

images: $(VENV)/.test  ## take the pictures of README and manual anew (needs Chromium and ImageMagick)
	@$(BIN)/python docs/make_images.py

clean:  ## remove the environment, the demo and what builds leave behind
	rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
