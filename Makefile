# make demo: set everything up and run the main job on real input.   make test: set up and pass all tests.
# Needs: Debian 12 or later, Python 3.12 or later (with venv), make. Everything else is installed here.

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The newest of the Pythons at hand; `make PYTHON=/path/to/python3.13` overrides.
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.14 python3 $(wildcard $(HOME)/.pyenv/versions/3.13.*/bin/python) $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin/python),$(shell $(p) -c 'import sys, venv; sys.version_info >= (3, 12) and print("$(p)")' 2>/dev/null)))

# What some tests use: language data and a font with Han characters for words in pictures, redirection of packets.
SYSTEM := tesseract-ocr-eng tesseract-ocr-chi-sim tesseract-ocr-chi-tra tesseract-ocr-por fonts-wqy-zenhei iptables

.PHONY: help demo test lint types rules schemas mutate unit bench fuzz lock clean setup system
.DEFAULT_GOAL := help

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(READY)  ## install everything into .venv

$(READY): requirements.lock setup.cfg pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo "make: Kouan needs Python 3.12 or later, and none was found (python3 is $$(python3 --version 2>&1))."; \
	  echo "      Debian 13 and later:  apt-get install python3 python3-venv"; \
	  echo "      Debian 12:            build one with pyenv (pyenv install 3.13), or install any 3.13 beside the"; \
	  echo "                            system's, then:  make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3.13"; \
	  exit 1; fi
	@echo "[1/3] a virtual environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "[2/3] the installer"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	@echo "[3/3] $$(grep -c == requirements.lock) pinned packages, each checked against its hash (some 600 MB)"
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

system:  ## install the Debian packages that some tests use
	@missing=$$(for p in $(SYSTEM); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	echo "[system] installing $$missing" | tr '\n' ' '; echo; \
	if [ "$$(id -u)" = 0 ]; then as=; else as=sudo; fi; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
	|| echo "[system] could not install them: the tests that need them are skipped, and say so"

demo: $(READY)  ## two upstreams, an exporter, a reader, a gateway between: some twenty real requests
	@$(BIN)/kouan demo

test: $(READY) system lint types rules unit  ## everything that must hold

lint: $(READY)
	@echo "== style" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== the plan of the house" && $(BIN)/lint-imports

types: $(READY)
	@echo "== types" && $(BIN)/mypy

rules: $(READY)
	@echo "== the shipped rules" && $(BIN)/kouan check

schemas: $(READY)  ## write the editor's schema of policies anew, after a change of the facts they may ask about
	@$(BIN)/python -m gateway.rulebook.policy_schema

mutate: $(READY)  ## turn round each condition of each policy: some case of it must fail
	@$(BIN)/python -m tests.decide.mutate

unit: $(READY)
	@echo "== tests" && rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -q -n 2
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

bench: $(READY)  ## speed, each as a ratio to a baseline of the same run
	@command -v wrk >/dev/null || { echo "[bench] installing wrk"; apt-get update -qq && apt-get install -y -qq wrk; }
	@for b in decode formats bombs classify decide headcount reload ledger gateway; do echo "== bench.$$b"; $(BIN)/python -m bench.$$b || exit 1; done

SECONDS ?= 60
fuzz: $(READY)  ## look for what must not happen: make fuzz SECONDS=60 FORMAT=zip, and again: FILE=fuzz/found/zip-...
	@$(BIN)/python -m fuzz --seconds $(SECONDS) --format "$(FORMAT)" --file "$(FILE)"

lock: $(READY)  ## pin the newest versions again
	$(BIN)/uv pip compile setup.cfg --extra dev --extra ocr --extra fuzz --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock
	echo uv | $(BIN)/uv pip compile - --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements-uv.lock

clean:  ## remove what was made
	rm -rf $(VENV) build ./*.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var
