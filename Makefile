# make demo   set up if needed, run the quickstart, print before and after
# make test   set up if needed, run the whole test suite
# make help   the other targets

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
BENCH_READY := .venv/bench-ready
RESULTS := benchmarks/results
comma := ,
START = $(RUN)/training/steps/3-align-again/model

.PHONY: help setup demo test test-slow lint types check bench clean

help:
	@echo "demo       run recipes/quickstart.yaml and print before and after"
	@echo "test       the whole test suite but the slow tests"
	@echo "test-slow  the slow tests"
	@echo "check      lint, types and tests, as CI does"
	@echo "bench      speed and memory beside the peers, into $(RESULTS); MODEL=..., CORPUS=..., RUN=... DATA=... for more"
	@echo "clean      remove .venv, caches and runs/quickstart"

setup: $(READY)

# torch is asked for first and by its exact version: where a CPU build of it is offered, that one
# is taken, and nothing later replaces it.
$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	$(BIN)/nmixx run recipes/quickstart.yaml

test: $(READY)
	$(BIN)/python -m pytest -m 'not slow'

test-slow: $(READY)
	$(BIN)/python -m pytest -m slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

check: lint types test

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	touch $(BENCH_READY)

# The last line that a benchmark prints is its result in JSON. A run that fails leaves what an
# earlier one wrote.
define run_benchmark
$(BIN)/python benchmarks/$(1).py $(2) > $(RESULTS)/$(1).partial
mv $(RESULTS)/$(1).partial $(RESULTS)/$(1).txt
tail -n 1 $(RESULTS)/$(1).txt > $(RESULTS)/$(1).json
endef

bench: $(BENCH_READY)
	mkdir -p $(RESULTS)
	$(call run_benchmark,mining,--full)
	$(if $(MODEL),$(call run_benchmark,audit,--model $(MODEL)))
	$(if $(CORPUS),$(call run_benchmark,vocabulary,--corpus $(CORPUS) --split test --align 12000 \
	--out runs/vocabulary))
	$(if $(RUN),$(call run_benchmark,learning_curve,--run $(RUN) --data $(DATA) --out runs/learning-curve))
	$(if $(RUN),$(call run_benchmark,ablation,--run $(RUN) --start $(START) --data $(DATA) \
	--out runs/ablation --seeds 0$(comma)1$(comma)2))

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis runs/quickstart
