# planwiki's everyday commands. A machine needs Python 3.11 or later, git and make; everything else is fetched.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV ?= scripts/uv
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
PYTEST ?=
STATIC := src/planwiki/web/static/.built-from

export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON ?= >=3.11,<3.15
export UV_LINK_MODE ?= copy
# Else every start of Python reads the sources of all libraries again, which takes seconds.
export UV_COMPILE_BYTECODE ?= 1
unexport VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

.PHONY: help install run test check format bench openapi strings mutants clean

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

install: ## Fetch what planwiki needs and build the web client
	@test -f $(STATIC) || again=--reinstall-package=planwiki; $(UV) sync --frozen --quiet $${again:-}

run: install ## Start planwiki with a made-up family, to try it
	@PLANWIKI_BASE_URL="$${PLANWIKI_BASE_URL:-http://$(HOST):$(PORT)}" \
	$(UV) run --frozen planwiki demo --serve --host $(HOST) --port $(PORT)

test: check ## Everything: lint, types, house rules, then all tests in both databases and the browser
	@CHROMIUM=$$(scripts/find-chromium); export CHROMIUM; \
	some=; test -n "$$CHROMIUM" || some='not browser'; \
	$(UV) run --frozen pytest -n $(WORKERS) --dist worksteal -m "$$some" --ignore tests/house $(PYTEST)

check: install ## The quick half of the tests: format, lint, types, house rules
	@$(UV) run --frozen ruff format --check --quiet || { echo "Run 'make format' to mend the format."; exit 1; }
	@$(UV) run --frozen ruff check --quiet
	@$(UV) run --frozen mypy --no-error-summary
	@$(UV) run --frozen pytest tests/house

format: install ## Mend the format and what lint can mend by itself
	@$(UV) run --frozen ruff check --fix --quiet || true
	@$(UV) run --frozen ruff format --quiet

bench: install ## Measure speed beside the raw ceiling; prints the table for docs/performance.md
	@$(UV) run --frozen python -m bench

openapi: install ## Write openapi.yaml from the code
	@$(UV) run --frozen planwiki openapi > openapi.yaml.new && test -s openapi.yaml.new && mv openapi.yaml.new openapi.yaml

strings: install ## Gather every word that people are shown into src/planwiki/locale/planwiki.pot, to translate
	@$(UV) run --frozen pybabel -q extract -F babel.cfg --no-location --sort-output --project=planwiki -o src/planwiki/locale/planwiki.pot .

mutants: install ## Take each guard away in turn, and see that some test notices (an hour or so)
	@$(UV) run --frozen python -m tests.rights.mutants

clean: ## Remove everything that was fetched or built, and the demo's data
	@rm -rf .venv .uv build dist var src/planwiki/web/static client/node_modules test-results
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
