# Kartoteka's commands. `make help` lists them.

PYTHON ?= python3
STAGE ?= prod
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := .build/bench-venv/.ready
CODE := app.py chalicelib infra
QUICK := tests/unit tests/contract tests/connectors tests/servers tests/laws tests/faults tests/infra

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help up down reset status logs demo load fsck key package check test nightly bench bench-match mutants clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 13

$(READY): requirements.txt tests/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else \
	  "Kartoteka needs Python 3.11 to 3.13: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet 'pip<26.3'
	$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	@touch $@

up: $(READY) ## start the local cloud, or bring it up to date (KARTOTEKA_PORT=4700)
	@$(BIN)/python -m infra.local up

down: ## stop it; its state is kept
	@test ! -x $(BIN)/python || $(BIN)/python -m infra.local down

reset: ## stop it and forget its contacts and keys
	@test ! -x $(BIN)/python || $(BIN)/python -m infra.local reset

status: $(READY) ## what runs, and where
	@$(BIN)/python -m infra.local status

logs: $(READY) ## what the functions said (FOLLOW=1 goes on)
	@$(BIN)/python -m infra.local logs $(if $(FOLLOW),--follow)

demo: up ## play a story of five systems and two targets
	@$(BIN)/python -m infra.demo

load: up ## send a CSV through the webhook: FILE=people.csv SOURCE=crm MAP=mapping.json [BATCH=name]
	@$(BIN)/python -m infra.load "$(FILE)" "$(SOURCE)" "$(MAP)" "$(BATCH)" "$(DUPLICATES)"

fsck: up ## check all that is stored; MEND=1 mends what a torn restore left
	@$(BIN)/python -m infra.fsck $(if $(MEND),--mend)

key: $(READY) ## make an admin key for a stage on AWS (STAGE=prod)
	@$(BIN)/python -m infra.admin_key $(STAGE)

package: $(READY) ## write to dist/ what is deployed to AWS (STAGE=prod)
	@$(BIN)/python -m infra.package $(STAGE) dist

check: $(READY) ## the quick gate: format, lint, types, unit tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/pytest tests/unit

test: check ## all tests
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(filter-out tests/unit,$(QUICK))
	$(BIN)/pytest tests/app

nightly: check ## all tests, with the long runs
	KARTOTEKA_NIGHTLY=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile $(QUICK)
	KARTOTEKA_NIGHTLY=1 $(BIN)/pytest tests/app

bench: up ## measure
	$(BIN)/pytest -s tests/bench

bench-match: $(READY) $(BENCH_READY) ## measure the matcher: quality, costs, time, order (PART=speed)
	@$(BIN)/python -m tests.bench.matching $(PART)

$(BENCH_READY): tests/bench/requirements.txt
	@$(PYTHON) -m venv $(@D) && $(@D)/bin/python -m pip install --quiet -r $< && touch $@ || \
	  echo "Splink cannot be installed: the benchmark goes on without it"

train: $(READY) ## weigh the matcher's model anew: LABELS="people.csv" (with people.truth.csv), JUDGED=1
	$(BIN)/python -m infra.matching.train $(LABELS) $(if $(JUDGED),--judged)

mutants: $(READY) ## sow bugs; each must be caught by its law's tests
	$(BIN)/python -m tests.mutants

clean: ## remove what can be made again (not the local cloud's state)
	rm -rf $(VENV) .build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
