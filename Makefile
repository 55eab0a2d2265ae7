# Everything is one command; each does its own set-up on a Debian machine that has Rust.

# build results lie outside of the checkout, so that fresh clones share them
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/chronotope/target

.DEFAULT_GOAL := help
.PHONY: help setup build demo test python dist test-dist test-ecosystem fuzz lint

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: ## install the system packages that are missing (Debian, by apt)
	@scripts/setup

build: setup ## build the program `chronotope`, optimised
	cargo build --release --bin chronotope

demo: build ## watch a video, ask, report: VIDEO=path, or a clip that it makes
	@scripts/demo "$(CARGO_TARGET_DIR)/release/chronotope" $(if $(VIDEO),"$(VIDEO)")

test: setup ## run all tests; those on third-party data count too
	@scripts/test

python: setup ## make the Python package's wheel: pip install WHEEL
	@scripts/python wheel

dist: setup ## make the wheel and the program without video, try both where nothing can be built
	@scripts/dist release

test-dist: setup ## the same from the tests' build results, quicker
	@scripts/dist dev

test-ecosystem: setup ## whole runs of the trainers that call the Python package, with all they need (6 GB)
	@scripts/python ecosystem

fuzz: setup ## knock at every door with libFuzzer, 60 s each: SECONDS=N, TARGETS="text program"
	@scripts/fuzz $(or $(SECONDS),60) $(TARGETS)

lint: ## check format and lints
	@scripts/setup --lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v typos >/dev/null; then typos; fi
