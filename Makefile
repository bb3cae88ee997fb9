# make run: the demonstration, in a window. make test: the tests, without a display. make help: the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PRET := $(VENV)/.pret
FOURNISSEUR := tests/fournisseur

# HORLOGE='2028-02-29 23:58:00': the tests run as if they began then (faketime; the clock goes on, waits are not changed).
SOUS_HORLOGE = $(if $(HORLOGE),env NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1 PYTHONPATH='$(CURDIR)/tests/sous_horloge' faketime -f '@$(HORLOGE)')
RAPIDE := tests/rules tests/contract tests/store tests/services tests/presenters
# What opens papers or fills a disk takes seconds a test.
SANS := $(foreach lent,services/test_bac services/test_depots services/test_quarantaine services/test_pieces services/test_papiers \
	services/test_papiers_sante store/test_disque_plein,--ignore=tests/$(lent).py)

.PHONY: help setup run test test-rapide test-long exigences morsures lint format bench mesures verrou outils-essais sane chaine

help: ## this list
	@sed -nE 's/^([a-z-]+):.* ## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r cible quoi; do printf '%-15s %s\n' "$$cible" "$$quoi"; done

# Compiled here: the processes that open strangers' files may write nothing, and would compile all they import at each start.
setup: $(PRET) ## installs what is needed, and nothing the second time
	@$(BIN)/python -m compileall -q guichet

$(PRET): requirements-dev.lock packaging/paquets-qt.txt pyproject.toml
	@packaging/installer.sh packaging/paquets-qt.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || { command -v uv >/dev/null && ln -sf "$$(command -v uv)" $(BIN)/uv; } || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "Installation des dépendances verrouillées…"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## the demonstration, in a window
	@$(BIN)/guichet demo

test: setup ## the tests, in parallel and in a random order, without a display; ARGS=tests/rules, ARGS='-k dossier -n 0'…
	@QT_QPA_PLATFORM=offscreen $(SOUS_HORLOGE) $(BIN)/python -m pytest -q $(ARGS)

test-rapide: setup ## what a developer runs at each step, the quick ones: rules, models, contract, store, services, presenters
	@QT_QPA_PLATFORM=offscreen $(SOUS_HORLOGE) $(BIN)/python -m pytest -q -m "not ampleur" $(RAPIDE) $(SANS) $(ARGS)

test-long: setup ## the long properties at their full length (tests/ampleur.toml): hours
	@QT_QPA_PLATFORM=offscreen GUICHET_AMPLEUR=long $(BIN)/python -m pytest -q -m ampleur -o timeout=7200 $(ARGS)

exigences: setup ## docs/exigences.md, from the marks of the tests and the states of docs/requirements.md
	@$(BIN)/python -m tests.exigences

morsures: setup ## each thing that a claim is about, taken out one at a time: its tests must fail (ARGS: --echantillon SEED, --seulement TEXT, --reprendre)
	@$(BIN)/python -m tests.morsures $(ARGS)

lint: setup ## style, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Mise en forme à faire : make format"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup ## lays the code out
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

chaine: setup ## what is shipped (SBOM), under which licences, and no secret in the tree
	@mkdir -p sortie
	@$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible -o sortie/sbom.json requirements.lock
	@$(BIN)/pip-licenses --python $(BIN)/python --from=mixed --format=markdown --with-urls --output-file=sortie/licences.md >/dev/null
	@git ls-files -z | grep -zvE '\.lock$$|package-lock\.json$$|packaging/secrets\.json$$' | xargs -0 $(BIN)/detect-secrets-hook --baseline packaging/secrets.json
	@echo "Composants : sortie/sbom.json ; licences : sortie/licences.md ; aucun secret"

bench: setup ## each figure beside its bound, in one table, kept in sortie/mesures.json; ARGS=--court: small sizes, not judged; ARGS=carte: one
	@$(BIN)/python -m bench $(ARGS)

mesures: setup ## writes docs/measures.md from bench/mesures.json; ARGS=sortie/mesures.json keeps the figures of that long run first
	@$(BIN)/python -m bench.mesures $(ARGS)

verrou: ## resolves the versions again, with hashes, for every platform, naming no registry
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header packaging/sane.in -o requirements-sane.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.lock

outils-essais: $(FOURNISSEUR)/node_modules/.package-lock.json sane ## what some tests need and are skipped without: PostgreSQL, a provider, scanners, a browser
	@packaging/installer.sh packaging/paquets-essais.txt

sane: setup ## the extra for scanners plugged in (USB): built here, for want of wheels
	@packaging/installer.sh packaging/paquets-sane.txt
	@$(BIN)/python -c "import sane" 2>/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-build-isolation -r requirements-sane.lock

$(FOURNISSEUR)/node_modules/.package-lock.json: $(FOURNISSEUR)/package-lock.json
	@command -v npm >/dev/null 2>&1 || packaging/installer.sh packaging/paquets-fournisseur.txt
	@if command -v npm >/dev/null 2>&1; then npm ci --prefix $(FOURNISSEUR) --silent --no-audit --no-fund && touch $@; fi
