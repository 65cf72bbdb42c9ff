# Custode. `make help` lists what can be done here.

PORT ?= 8000
DATA ?= $(or $(CUSTODE_DATA),data)

# The distribution's own Python where it can make environments, since it is built with all
# optimisations (a tenth of the tests' time); else the first on PATH that is recent enough.
RECENT := sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys, ensurepip; $(RECENT)' 2>/dev/null \
	&& echo /usr/bin/python3 && exit; \
	for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; $(RECENT)' 2>/dev/null && echo $$p && break; done)

# What Python compiles is kept: the tests start it some thousand times.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PY := $(BIN)/python
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(LOCK_OPTIONS)

# One pytest run in which every test runs twice, at the same time: on SQLite and on PostgreSQL. What
# runs once only is shared out; a third worker begins with that, fills the others' pauses and then
# helps with PostgreSQL, which takes longer.
BOTH := $(PY) -m tools.throwaway_postgres --variable HOUSE_POSTGRESQL_URL -- \
	$(PY) -m pytest -p tests.house.databases -o console_output_style=classic --dist=each \
	--tx popen//env:HOUSE_DATABASE=sqlite --tx popen//env:HOUSE_DATABASE=postgresql \
	--tx popen//env:HOUSE_DATABASE=postgresql//env:HOUSE_HELPS=1

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help demo test proof fast bench lint fmt messages wheel lock clean python run-ready test-ready

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: run-ready ## start a CRM with invented data (PORT=8000 DATA=./data)
	@exec $(BIN)/custode demo --port "$(PORT)" --data "$(DATA)"

test: test-ready ## check everything: format, lint, types, layers, tests on both databases, browser
	@$(PY) -m tools.system_packages
	@$(MAKE) --no-print-directory lint
	@$(BOTH)

proof: test-ready ## run the long proofs on both databases
	@$(PY) -m tools.system_packages
	@$(BOTH) -m proof

fast: test-ready lint ## what to run at every save: lint and the quick tests on SQLite
	@$(PY) -m pytest -p tests.house.databases -m "not browser and not slow and not proof"

bench: test-ready ## measure, first on SQLite, then on PostgreSQL; fails when a figure does not hold
	@$(PY) -m bench; sqlite=$$?; \
		$(PY) -m tools.throwaway_postgres -- $(PY) -m bench && exit $$sqlite

lint: test-ready ## format, lint, types, layers and templates, without changing anything
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@CUSTODE_DATA=.mypy_cache/data $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet src

fmt: test-ready ## put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: test-ready ## collect the strings to translate into src/custode/locale
	@$(PY) -m tools.catalogues update

wheel: run-ready ## build the package into dist/
	@$(BIN)/hatchling build --target wheel

lock: test-ready ## renew requirements/*.txt and the assets' lock (LOCK_OPTIONS=--upgrade for newer)
	@$(LOCK) requirements/installer.in --output-file requirements/installer.txt
	@$(LOCK) pyproject.toml requirements/run.in --output-file requirements/run.txt
	@$(LOCK) requirements/build.in --output-file requirements/build.txt
	@$(LOCK) requirements/node.in --output-file requirements/node.txt
	@$(LOCK) requirements/test.in --output-file requirements/test.txt
	@cd assets && npm install --package-lock-only

clean: ## remove what was built (not the data)
	rm -rf .venv build dist src/custode/web/static/vendor .mypy_cache .ruff_cache .pytest_cache
	find src -name '*.mo' -delete

python:
	@test -n "$(PYTHON)" || { echo "Custode needs Python 3.11 or newer, and there is none on PATH." >&2; exit 1; }

run-ready: python
	@$(PYTHON) -m tools.install run

test-ready: python
	@$(PYTHON) -m tools.install test
