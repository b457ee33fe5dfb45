# InfraShare: `make run` and `make test` do all of their own set-up on a machine with Python 3.11+, git and make.
PYTHON ?= python3
TOOLS  := .tools
UV     := $(TOOLS)/bin/uv
SYNCED := .venv/.synced
BUILT  := web/static/built/manifest.json
RUN    := $(UV) run --frozen --no-sync
HOST   ?= 127.0.0.1
PORT   ?= 8000
OUT    ?= profiles

.PHONY: help run test browser conformance check fix bench docs screenshots words codelists basemap profiles wheel impact clean
help:          ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "InfraShare needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(SYNCED): $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --compile-bytecode --python $(PYTHON)
	@touch $@

# Node.js 20.19 or newer bundles the scripts of the pages; where the machine has none it comes from PyPI
$(BUILT): $(UV) web/build.py web/package-lock.json web/vite.config.js web/tsconfig.json $(wildcard web/scripts/*.ts web/scripts/*/*.ts)
	@if $(PYTHON) -c 'import sys; sys.path.insert(0, "web"); import build; sys.exit(not build.node_here())'; then $(PYTHON) web/build.py check; \
	else $(UV) run --no-project --isolated --python $(PYTHON) --with "$$($(PYTHON) -c 'import sys; sys.path.insert(0, "web"); import build; print(build.NODE_WHEEL)')" python web/build.py check; fi
	@touch $@

run: $(SYNCED) $(BUILT)            ## serve the eight-region graph on http://127.0.0.1:8000
	$(RUN) infrashare serve --host $(HOST) --port $(PORT)

test: check browser       ## format, lint, types and the whole suite
	$(RUN) pytest -n 2 --dist loadfile

browser: $(SYNCED)        ## a Chromium for the tests: the machine's, else Debian's package, else Playwright's own
	@$(RUN) python -m bench.browser

conformance: $(SYNCED)    ## run the W3C's tests in ../shared/suites and write the EARL report to docs/reference/earl.ttl
	$(RUN) pytest tests/conformance --earl docs/reference/earl.ttl

check: $(SYNCED) $(BUILT) ## format, lint and types only
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy

fix: $(SYNCED)            ## mend format and what the linter can mend
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: $(SYNCED)          ## print the benchmark tables
	$(RUN) python -m bench

docs: $(SYNCED)           ## regenerate what docs/ generates from the sources
	$(RUN) python -m docs.generate
	$(RUN) python -m docs.needs

words: $(SYNCED)          ## gather the texts of the pages into the catalogues of web/locale; says what is untranslated
	$(RUN) python -m docs.catalogues

screenshots: $(BUILT) browser  ## take the pictures of the README and the guides into docs/pictures
	$(RUN) python -m docs.screenshots

codelists: $(SYNCED)      ## regenerate NUTS, NACE and EuroSciVoc from ../shared/codelists, the gazetteer of cities, the words for units
	$(RUN) python -m ontology.generate
	$(UV) run --frozen --isolated --group cities python -m ontology.cities
	$(RUN) python -m ontology.units

basemap: $(SYNCED)        ## regenerate the base map of Europe from the npm package world-atlas (needs npm)
	$(RUN) python -m ontology.basemap

impact: $(SYNCED)         ## what the shapes do to the shipped data, beside those of the last release tag or BASE=revision
	@base="$(BASE)"; base="$${base:-$$(git describe --tags --abbrev=0 2>/dev/null)}"; \
	if [ -z "$$base" ]; then echo "no release has a tag yet; name another revision: make impact BASE=<revision>"; exit 0; fi; \
	empty=$$(mktemp -d) && trap 'rm -r "$$empty"' EXIT && $(RUN) infrashare impact "$$base" shapes --data-dir "$$empty"

profiles: $(SYNCED)       ## the context profiles of all regions that partners describe, in OUT (default: profiles/)
	@mkdir -p $(OUT); for code in $$($(RUN) infrashare query browse-regions --format csv | sed -n 's|.*/nuts/code/\([A-Z0-9]*\).*|\1|p'); do \
	  for form in html json csv; do $(RUN) infrashare profile $$code --format $$form > $(OUT)/$$code.$$form || exit 1; done; \
	  echo "wrote $(OUT)/$$code.html .json .csv"; done

wheel: $(SYNCED)          ## build the wheel into dist/
	$(UV) build --wheel

clean:                    ## remove environments, caches and built files (never var/, where the data are)
	rm -rf $(TOOLS) .venv dist web/node_modules web/static/built .mypy_cache .ruff_cache .pytest_cache
