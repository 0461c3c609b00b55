# Everything starts here. `make demo` and `make test` do all their own set-up.
PYTHON ?= python3
VENV ?= .venv
CUSTOMERS ?= 20000
BIN = $(VENV)/bin
export SEGBOT_VENV = $(abspath $(VENV))

.PHONY: help demo test lint unit bench screenshots constraints clean

help:
	@echo "make demo         a Slack-like workspace with a demo company, in your browser"
	@echo "make test         everything that is checked: style, types, layers, tests, browser"
	@echo "make lint         style, types and layers only"
	@echo "make bench        timings, as ratios taken in one run"
	@echo "make screenshots  draw the pictures in docs/images anew"
	@echo "make constraints  pin the newest versions of all libraries (then run make test)"
	@echo "make clean        remove the environment and caches (not the demo's data)"

demo:
	@$(PYTHON) tools/setup_env.py
	@$(BIN)/segbot demo --customers $(CUSTOMERS) $(ARGS)

test: lint unit

lint:
	@$(PYTHON) tools/setup_env.py dev
	@echo "segbot: checking style"; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "segbot: checking layers"; $(BIN)/lint-imports --config pyproject.toml
	@echo "segbot: checking types"; $(BIN)/mypy

unit:
	@$(PYTHON) tools/setup_env.py dev
	@echo "segbot: running the tests"; $(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

bench:
	@$(PYTHON) tools/setup_env.py dev
	@$(BIN)/python -m benchmarks $(ARGS)

screenshots:
	@$(PYTHON) tools/setup_env.py dev
	@$(BIN)/python tools/screenshots.py

constraints:
	@$(PYTHON) tools/setup_env.py dev
	@$(BIN)/python tools/pin.py

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
