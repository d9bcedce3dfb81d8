# Needs only make and Python 3.11 or newer. The same verbs serve a person and the machine that
# checks submissions.

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench year histories lock clean
.DELETE_ON_ERROR:

# A machine may say that compiled Python is not kept: then every process would compile all of it anew,
# and every complaint its workflow.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11

help: ## Say what each verb does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' \
		| while IFS='|' read -r verb what; do printf '  make %-10s %s\n' "$$verb" "$$what"; done

setup: $(VENV)/developing ## Make .venv with everything that running and testing need

run: $(VENV)/running ## Run the whole product on this machine (Ctrl-C stops it)
	@exec $(BIN)/putright up

test: $(VENV)/developing ## Run every test
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: $(VENV)/developing ## Lint, check the format, the types and the import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/developing ## Mend what the linter and the formatter can mend by themselves
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/developing ## Measure, and print the results as tables (a few minutes)
	$(BIN)/python -m tests.bench

year: $(VENV)/developing ## Play a landlord's published year again, and write its annual report
	$(BIN)/python -m tests.year

histories: $(VENV)/developing ## Record the workflow histories that replay tests read
	$(BIN)/python -m tests.replay.record

# --universal: one lock for every Python from 3.11 on. It holds hashes and no registry's address,
# so it installs from whichever registry or mirror this machine is set up to use.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --upgrade

lock: $(VENV)/developing ## Pin the newest dependencies that pyproject.toml allows
	$(BIN)/$(LOCK) --extra embedded --group build pyproject.toml -o requirements.lock
	$(BIN)/$(LOCK) --extra embedded --group dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock

clean: ## Remove .venv and caches; var/ holds data and is left alone
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find services tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, each as old as the last install from its lock: running needs less than developing.
# A stamp is only written when its install went through.
$(VENV)/running: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(VENV)/developing: requirements-dev.lock requirements.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/running

define install
@[ -x $(BIN)/pip ] || { \
	for python in $(PYTHONS); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Putright needs Python 3.11 or newer, and none of these is one: $(PYTHONS)." >&2; \
	exit 1; \
}
@echo "Installing $(1) into $(VENV)"
@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
