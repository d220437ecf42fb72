# insidebox: what is built, run and tested, and how. "make" alone lists it.
#
# Building and running need Go, git and make, nothing else. Longer recipes are
# scripts in .ci/, which also say which variables they read.

ADDR ?= 127.0.0.1:8080
DATA ?= data

# What "insidebox version" says. Without git, or outside a clone, "devel".
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT := $(shell git rev-parse --verify -q HEAD 2>/dev/null || echo unknown)

# No C library, no paths of the machine that built it: the same source and the
# same Go give the same file, and it runs on any machine of its kind. Without Gin's
# MessagePack, which nothing here speaks, it is 6 MB smaller (docs/decisions/0027).
BUILD := CGO_ENABLED=0 go build -tags nomsgpack -trimpath -buildvcs=false \
	-ldflags='-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)'

# Rooms in which goroutines meet.
RACED ?= ./store/... ./jobs/... ./people/... ./programme/... ./server/...

.DEFAULT_GOAL := help
.PHONY: help build run test race check bench screenshots cover fuzz soak vendor fmt tidy clean version

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./insidebox, one static binary
	$(BUILD) -o insidebox ./cmd/insidebox

run: build ## serve the sample company on http://localhost:8080, data in ./data
	./insidebox serve --demo --addr $(ADDR) --data $(DATA)

test: ## run all tests: Go, JavaScript, browser, accessibility, HTML
	@TESTFLAGS='$(TESTFLAGS)' TEST_COMPLETE='$(TEST_COMPLETE)' .ci/test

race: ## run the Go tests of the rooms with goroutines under the race detector (needs gcc)
	CGO_ENABLED=1 go test -race -timeout 20m $(RACED)

check: build ## look at code and content: format, vet, linter, go.mod, insidebox check
	@.ci/check

bench: ## measure, and print what is held beside its bar; BENCH picks benchmarks, BENCHTIME says how long each runs
	@BENCH='$(BENCH)' BENCHTIME='$(BENCHTIME)' LIGHTHOUSE_TIMEOUT='$(LIGHTHOUSE_TIMEOUT)' BENCH_LARGE='$(BENCH_LARGE)' .ci/bench

screenshots: ## take pictures of every page, phone and desk, light and dark, into ./screenshots
	@.ci/screenshots

cover: ## which lines the tests reach: a total, and coverage.html to look at
	go test -coverprofile coverage.out -coverpkg ./... ./...
	go tool cover -html coverage.out -o coverage.html
	go tool cover -func coverage.out | tail -n 1

fuzz: ## run every fuzz target for FUZZTIME (10s)
	@FUZZTIME='$(or $(FUZZTIME),10s)' .ci/fuzz

soak: ## try for long what the tests try briefly (20 minutes), SOAK times that; prints what ran how often
	@SOAK='$(SOAK)' SOAK_SEED='$(SOAK_SEED)' RACED='$(RACED)' .ci/soak

vendor: ## fetch the font that the pages carry again, of the release in INTER (needs npm)
	@INTER='$(INTER)' .ci/vendor

fmt: ## format all Go files
	gofmt -w .
	"$$(.ci/linter)" fmt

tidy: ## bring go.mod and go.sum in line with the imports
	go mod tidy

clean: ## remove what was built (data stays: remove ./data yourself)
	rm -f insidebox coverage.out coverage.html
	rm -rf screenshots .ci/web/node_modules

version: ## print the version that a build would carry
	@echo $(VERSION)
