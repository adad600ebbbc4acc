# `make help` lists the targets.
GO ?= go
BIN := bin/heitan
# What the engine, the coordinator and all that runs beside them is proved with -race.
RACE := ./engine/... ./coordinator/... ./runner/... ./store/... ./expr/... ./local/... ./cli/...

.DEFAULT_GOAL := help
.PHONY: help build run test test/race test/sim test/limits fuzz bench lint fmt check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z\/]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/heitan: one static, stripped binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o $(BIN) ./cmd/heitan

run: ## run the first example
	$(GO) run ./cmd/heitan run examples/access-log/report.dig

test: ## run all tests, with what can be installed and started on this machine
	@scripts/install.sh
	@scripts/services.sh sh -c '$(GO) test -json ./... | $(GO) run ./internal/testreport $(TESTREPORT)'

test/race: ## run the concurrent parts under the race detector
	@scripts/services.sh sh -c '$(GO) test -race -short -json $(RACE) | $(GO) run ./internal/testreport'

test/sim: ## simulate attempts and explore small workflows for minutes instead of seconds
	@HEITAN_TEST_LONG=1 $(GO) test -timeout 40m -json ./engine | $(GO) run ./internal/testreport

test/limits: ## show in an emulated machine that limits of CPU and memory hold
	@scripts/install.sh emulator
	@scripts/limits.sh

fuzz: ## fuzz every parser for FUZZTIME (default 30s) each
	@scripts/fuzz.sh $${FUZZTIME:-30s}

bench: build ## measure heitan against floors and peers on this machine
	@scripts/bench.sh

lint: ## check formatting, layers and habits with golangci-lint
	@scripts/lint.sh run ./...

fmt: ## format all Go files
	@scripts/lint.sh fmt ./...

check: ## exactly what CI does
	@.ci/run

clean: ## remove what was built
	rm -rf bin dist
