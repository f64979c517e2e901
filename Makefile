# Needs python3 (3.11 or later) and make. Another interpreter: make PYTHON=python3.12 run
.DEFAULT_GOAL := help
.PHONY: help run check test warm first again mutants verify bench docs clean

PYTHON ?= python3
BIN := .venv/bin
# Run twice: what numba compiles, and what calls BLAS and LAPACK.
AGAIN := --ignore=tests/landscape/test_kernel_cache.py --ignore=tests/spm/test_commands.py tests/landscape tests/quartic tests/spm tests/lattice_gps tests/glass tests/khgps/test_model.py tests/khgps/test_rs_spectrum.py
STAMP := .venv/installed
PIP_INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile -c constraints.txt
# One process per core, so one BLAS thread per process.
ONE := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q --durations=40 --durations-min=2
PYTEST := $(ONE) -n auto --maxprocesses 8

help:
	@echo 'make run     sweep a small KHGPS grid; table, data set and figure go to results/'
	@echo 'make test    check, then the tests, and beside them the numerical ones with bounds checks and another BLAS kernel'
	@echo 'make check   ruff, mypy --strict, import arrows'
	@echo 'make mutants plant 100 errors, one at a time, and list those that no test sees (half an hour)'
	@echo 'make verify  the long statistical tests'
	@echo 'make bench   time, residuals and operation counts against a plain script'
	@echo 'make docs    the site, with the notebooks executed and every link checked, in build/docs'
	@echo 'make clean   remove caches and build output (keeps results/ and .venv/)'

# pip would compile all modules on one processor, also the tests of others, a third of them.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "qle needs Python 3.11 or later, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another interpreter, for example: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/pip || { echo 'setting up .venv (once)'; $(PYTHON) -m venv .venv; }
	@$(PIP_INSTALL) hatchling
	@$(PIP_INSTALL) --no-build-isolation -e '.[dev]'
	@$(BIN)/python -m compileall -qq -j0 -x '/tests?/' .venv/lib || true
	@touch $@

run: $(STAMP)
	$(BIN)/qle sweep sweeps/quick.toml --store results/quick
	$(BIN)/qle export results/quick results/quick.nc
	$(BIN)/qle figure vdos results/quick -o results/quick-vdos.png
	@echo 'store     results/quick          (run again to resume or extend)'
	@echo 'data set  results/quick.nc'
	@echo 'figure    results/quick-vdos.png'

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The kernels are compiled beside the checks, and the second run is beside the first: no processor waits.
test: $(STAMP)
	@$(MAKE) --no-print-directory -j2 first again

# Compiled modules are kept also where the environment says they are not: each process would compile them.
first again: export PYTHONDONTWRITEBYTECODE =

# Once, and not by every process of the tests.
warm: $(STAMP)
	$(BIN)/qle warm

first: check warm
	$(PYTEST)

# Numba checks no array bounds unless told to, and would not recompile what it has cached; and the last digits of
# BLAS differ from one processor to another. In one process: several would compile the same kernels at a time.
again: check
	@cache=$$(mktemp -d) && trap 'rm -rf "$$cache"' EXIT && kernel=$$($(BIN)/python tests/second_blas.py) && \
	  if [ -n "$$kernel" ]; then export OPENBLAS_CORETYPE=$$kernel; fi && \
	  NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=$$cache $(ONE) $(AGAIN) >$$cache/output 2>&1; \
	  passed=$$?; echo 'the numerical tests, with bounds checks:'; cat $$cache/output; exit $$passed

mutants: $(STAMP)
	$(BIN)/python -m tests.mutation

verify: $(STAMP)
	$(PYTEST) -m verify

bench: $(STAMP)
	$(BIN)/python -m benchmarks

docs: $(STAMP)
	$(BIN)/qle warm  # else notebooks say that they wait for kernels
	rm -rf build/docs
	OPENBLAS_NUM_THREADS=1 $(BIN)/sphinx-build -W --keep-going -q -b html -c docs . build/docs
	$(BIN)/python docs/check_site.py build/docs
	@echo 'site      build/docs/docs/index.html'

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -prune -exec rm -rf {} +
