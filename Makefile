# Everything a person or a pipeline does here; `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check \
	--require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11.0 \
	--generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check fmt messages lock bench truth soak fuzz sbom clean

help: ## List what can be done
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 - \2/p' Makefile

run: $(VENV)/installed ## Start everything. HOST, PORT, SAMPLE=0, DATABASE_URL, REDIS_URL
	@exec $(BIN)/python -m qa_observability.runtime up --with-parent

test: check ## Check, then run every test
	$(BIN)/pytest -n 2 --dist loadgroup

check: export DJANGO_SETTINGS_MODULE := tests.settings
check: $(VENV)/installed-dev ## Format, lint, types, layers, migrations, API document
	$(BIN)/ruff format --quiet --check .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	@# No server runs here; comparing models with migrations needs none.
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python -m pip check --disable-pip-version-check

fmt: $(VENV)/installed-dev ## Repair what the linter can, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: export DJANGO_SETTINGS_MODULE := tests.settings
messages: $(VENV)/installed-dev ## Collect texts to translate, compile the catalogues
	@$(BIN)/python -m tests.messages

lock: $(VENV)/installed-dev ## Write the lock files anew, within pyproject's ranges
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	$(COMPILE) --group fuzz --output-file requirements-fuzz.lock
	$(COMPILE) --group bench --constraint requirements.lock \
		--output-file requirements-bench.lock

bench: $(VENV)/installed-dev $(VENV)/installed-bench ## Measure speed, as ratios within one run
	@$(BIN)/python -m tests.bench

truth: $(VENV)/installed-dev ## Judge links and money on seeded ground truth (SEEDS, FROM, VARIED)
	@$(BIN)/python -m tests.truth --seeds $(or $(SEEDS),16) --first $(or $(FROM),0) $(if $(VARIED),--varied)
	@$(BIN)/python -m tests.revenue.truth

soak: $(VENV)/installed-dev ## Kill processes at random under load: ROUNDS, SEED
	@$(BIN)/python -m tests.soak

fuzz: $(VENV)/installed-dev $(VENV)/installed-fuzz ## Ask the API what it must bear: REQUESTS, SEED
	@SCHEMATHESIS=$(VENV)/fuzz/bin/schemathesis $(BIN)/python -m tests.fuzz

sbom: export DJANGO_SETTINGS_MODULE := tests.settings
sbom: $(VENV)/installed-dev ## Print a CycloneDX bill of what requirements.lock installs
	@$(BIN)/python manage.py sbom

clean: ## Remove what was installed and cached; your data in .local/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is not Python 3.11 or newer: name one with PYTHON=..."; \
		exit 1; }
	@test -w . || { echo "The folder $(CURDIR) is read-only: make it writable."; exit 1; }
	@echo "Creating the virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python cannot make a virtual environment: on Debian and Ubuntu install" \
			"python3-venv, elsewhere set PYTHON to a complete Python."; \
		exit 1; }
	@touch $@

$(VENV)/installed: requirements.lock $(VENV)/created
	@echo "Installing requirements.lock (once; about half a minute)"
	@$(INSTALL) --requirement requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/created
	@echo "Installing requirements-dev.lock (once; about a minute)"
	@$(INSTALL) --requirement requirements-dev.lock
	@touch $@ $(VENV)/installed

$(VENV)/installed-bench: requirements-bench.lock $(VENV)/created
	@echo "Installing requirements-bench.lock"
	@$(INSTALL) --requirement requirements-bench.lock
	@touch $@

# Of its own: it talks over the wire only, and its pytest plugin is none of our tests'.
$(VENV)/installed-fuzz: requirements-fuzz.lock $(VENV)/created
	@echo "Installing requirements-fuzz.lock"
	@$(PYTHON) -m venv $(VENV)/fuzz
	@$(VENV)/fuzz/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement requirements-fuzz.lock
	@touch $@
