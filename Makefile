# Two commands a new user needs: `make demo` and `make app`. Everything CI does: `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo app test lint types unit browser benchmarks clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing SkillMatch and what it needs into $(VENV) (the first time takes a few minutes) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[model,app,dev]'
	@touch $@

demo: install
	$(BIN)/skillmatch demo --out out/

app: install
	$(BIN)/skillmatch app

test: lint types unit browser

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

unit: install
	$(BIN)/pytest -m "not browser"

browser: install
	$(BIN)/pytest -m browser -rs tests

benchmarks: install
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache
