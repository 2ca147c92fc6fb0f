# scimproof: make help lists the targets.
SHELL := bash
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
GOFLAGS_BUILD := -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
# Programs are static, and built alike, so that what they share is compiled once.
GO_STATIC := CGO_ENABLED=0 go
LINT_VERSION := v2.15.0
LINT := bin/golangci-lint-$(LINT_VERSION)

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: build
build: ## Build bin/scimproof
	$(GO_STATIC) build $(GOFLAGS_BUILD) -o bin/scimproof ./cmd/scimproof

# The context is the binary and the Dockerfile, and nothing else of bin. An image holds
# no defect but those of its line in mocks/acme/image/versions.
IMAGE ?= scimproof-acme
.PHONY: image
image: ## Build the images scimproof-acme:1.0 and :1.1 of the embedded application (needs Docker)
	$(GO_STATIC) build -trimpath -ldflags "-s -w" -o bin/acme ./cmd/acme
	@set -o pipefail; while read -r version defects; do \
	  case "$$version" in ''|'#'*) continue;; esac; \
	  tar -c -C bin acme -C ../mocks/acme/image Dockerfile | \
	    docker build -q -t "$(IMAGE):$$version" --build-arg "VERSION=$$version" --build-arg "DEFECTS=$$defects" - >/dev/null || exit 1; \
	  echo "$(IMAGE):$$version ($$defects)"; \
	done <mocks/acme/image/versions

.PHONY: demo
demo: build ## Run against the embedded application with three defects; writes out/report.html
	@bin/scimproof demo --out out; code=$$?; [ $$code -eq 1 ] || exit $$code; \
	echo "The gate failed, as it should: the demo shows defects."

# -count is left alone: Ginkgo runs inside these tests and refuses it. The linters have the
# whole of vet.
.PHONY: test
test: ## Run all tests with the race detector
	go test -race -vet=off ./...

.PHONY: mutation
mutation: ## Run against each known defect; writes mocks/defects/NOTICED.md
	$(GO_STATIC) run -trimpath ./cmd/mutation -table mocks/defects/NOTICED.md

.PHONY: thirdparty
thirdparty: build ## Run against SCIM servers by others: two libraries and Better Auth (needs Node)
	mocks/thirdparty/elimity/run
	mocks/thirdparty/scimmy/run
	mocks/thirdparty/better-auth/run

.PHONY: lint
lint: $(LINT) ## Run the linters
	$(LINT) run

.PHONY: lint-install
lint-install: $(LINT)

$(LINT):
	GOBIN=$(CURDIR)/bin $(GO_STATIC) install -trimpath github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv bin/golangci-lint $@

.PHONY: golden
golden: ## Write the golden files anew; review what changed
	go test ./reports/html ./reports/changes ./reports/schema ./suites/runner -update

.PHONY: fuzz
fuzz: ## Fuzz each parser for 20 seconds
	@for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep ^Fuzz); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime 20s -fuzzminimizetime 1s $$package || exit 1; \
	  done; \
	done

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin out
