# make demo   the main job, end to end, on this machine (needs Python 3.11 or later)
# make test   every check and test (needs Java, Maven and Go too, to install and run JMeter and k6, and Chromium)
# make clean  remove the local environment and outputs; the runtimes stay in the cache

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FIND_BROWSER := PYTHONPATH=tests $(BIN)/python -c 'from import_report.browser import find_browser; find_browser()' 2>/dev/null

# Runs what may wait for tests that look at the clock: with the time that those leave over.
IDLE := $(shell command -v chrt >/dev/null 2>&1 && echo chrt --idle 0 || echo nice -n 19)

# Compiled Python is kept: tests start the command line often.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint unit measured unmeasured runtimes clean
.SILENT:

demo: $(VENV)/.demo
	$(BIN)/loadwright demo

test: $(VENV)/.dev
	$(MAKE) --no-print-directory --jobs=2 lint runtimes
	$(MAKE) --no-print-directory unit

lint: $(VENV)/.dev
	echo "== lint, format, types, imports"
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo >$(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

runtimes: $(VENV)/.dev
	echo "== runtimes (cached outside this folder; the first k6 build takes some minutes)"
	for tool in java mvn go; do command -v $$tool >/dev/null || { \
		echo "make test needs \`$$tool\` on the PATH: java runs JMeter, mvn fetches it, go (1.25 or later) builds k6" >&2; exit 1; }; done
	$(BIN)/loadwright doctor --install all
	$(FIND_BROWSER) || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "== installing Chromium" && \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes chromium >$(VENV)/chromium.log 2>&1; } || true
	$(FIND_BROWSER) || { \
		echo "make test needs a browser: apt install chromium, or set LOADWRIGHT_TEST_BROWSER to the path of one" >&2; exit 1; }

unit: $(VENV)/.dev
	$(MAKE) --no-print-directory --jobs=2 measured unmeasured

measured: $(VENV)/.dev
	echo "== tests that measure loads, one at a time, and then those that look at time, two files at a time"
	$(BIN)/pytest -m alone
	$(BIN)/pytest -m timed --numprocesses 2 --dist loadfile

unmeasured: $(VENV)/.dev
	echo "== meanwhile the others, three files at a time; what they say comes when they are done"
	$(IDLE) $(BIN)/pytest -m "not alone and not timed" --numprocesses 3 --dist loadfile >$(VENV)/unmeasured.log 2>&1 \
		&& cat $(VENV)/unmeasured.log || { cat $(VENV)/unmeasured.log; exit 1; }

$(VENV)/.dev: EXTRA = dev
$(VENV)/.demo: EXTRA = demo
$(VENV)/.dev $(VENV)/.demo: pyproject.toml | $(BIN)/python
	echo "== installing loadwright[$(EXTRA)] into $(VENV)"
	$(PIP) install --editable '.[$(EXTRA)]'
	touch $@

$(BIN)/python:
	test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; none was found on the PATH" >&2; exit 1; }
	echo "== making $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV) || { echo "\`$(PYTHON) -m venv\` failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

clean:
	rm -rf $(VENV) demo-output loadwright-results build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
