"""What the project promises of itself: locks, contracts, commands, licences."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[1]
SUIVIS = subprocess.run(["git", "ls-files"], cwd=RACINE, capture_output=True, text=True, check=False).stdout.split()


@pytest.mark.parametrize("verrou", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_a_hash_for_each_version_and_name_no_host(verrou):
    texte = (RACINE / verrou).read_text()
    paquets = re.split(r"\n(?=[a-z0-9])", texte)
    assert len(paquets) > 40
    assert [p.split()[0] for p in paquets if "==" in p.split(" ")[0] and "--hash=sha256:" not in p] == []
    assert not re.search(r"://|index-url|find-links", texte)
    assert not (RACINE / "uv.lock").exists()


def test_qt_is_never_the_pair_that_aborts():
    assert '"pyside6>=6.11.3,!=6.12.0"' in (RACINE / "pyproject.toml").read_text()
    assert "pyside6==6.12.0 " not in (RACINE / "requirements.lock").read_text()


def test_import_contracts_are_kept():
    rendu = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=RACINE, capture_output=True, text=True, check=False
    )
    assert rendu.returncode == 0, rendu.stdout
    assert "5 kept, 0 broken" in rendu.stdout


def test_a_forbidden_import_is_caught(tmp_path):
    """The contract on Qt can fail: a service that imports it breaks it."""
    import shutil

    shutil.copytree(RACINE / "guichet", tmp_path / "guichet", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(RACINE / "pyproject.toml", tmp_path)
    (tmp_path / "guichet" / "services" / "fautif.py").write_text('"""At fault."""\n\nimport PySide6.QtCore\n\nassert PySide6\n')
    script = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    rendu = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert rendu.returncode != 0
    assert "Qt stays upstairs BROKEN" in rendu.stdout


def test_the_system_libraries_are_named_once():
    noms = [x for x in (RACINE / "packaging" / "paquets-qt.txt").read_text().split("\n") if x and not x.startswith("#")]
    assert "libxcb-cursor0" in noms
    ailleurs = [f for f in SUIVIS if f.endswith((".sh", "Makefile", "run")) and "libxcb-cursor0" in (RACINE / f).read_text()]
    assert ailleurs == []


def test_every_dependency_has_its_line_of_why():
    texte = (RACINE / "pyproject.toml").read_text()
    noms = re.findall(r'^  "([a-z0-9-]+)', texte.split("[tool.")[0], re.M)
    pourquoi = (RACINE / "docs" / "dependencies.md").read_text()
    assert len(noms) > 30
    assert [n for n in noms if f"| {n} |" not in pourquoi] == []


def test_the_walk_of_the_docs_is_true():
    """`docs/add-a-tab.md` and `docs/add-an-entity.md` name files: each exists, or is the new one of the example."""
    for nom in ("add-a-tab.md", "add-an-entity.md", "add-a-demarche.md", "architecture.md"):
        texte = (RACINE / "docs" / nom).read_text()
        chemins = re.findall(r"`((?:guichet|tests|resources|docs)/[\w/.-]+)`", texte)
        assert len(chemins) > 3
        assert [c for c in chemins if "exemple" not in c and not (RACINE / c).exists()] == []


def test_the_licence_is_the_agpl():
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (RACINE / "LICENSE").read_text()
    assert 'license = "AGPL-3.0-or-later"' in (RACINE / "pyproject.toml").read_text()
    assert "OFL-1.1" in (RACINE / "resources" / "fonts" / "LICENCE-Inter.txt").read_text()


def test_the_second_set_up_check_is_immediate():
    """`make setup` has nothing to do once done: it answers without starting Python or the network."""
    if not (RACINE / ".venv" / ".pret").exists():
        pytest.skip("this run does not use the .venv that make setup makes")
    rendu = subprocess.run(["make", "-n", "setup"], cwd=RACINE, capture_output=True, text=True, check=True)
    assert "uv pip" not in rendu.stdout


def test_a_secret_in_the_tree_is_caught(tmp_path):
    """The check of `make chaine` can fail: a key slipped into a file breaks it."""
    fuite, sans = tmp_path / "reglages.py", tmp_path / "sans.py"
    fuite.write_text('CLE = "' + "AKIA" + "Z7Q2M4XW5RTY8BCD" + '"\n')
    sans.write_text("CLE = None\n")
    commande = [Path(sys.executable).parent / "detect-secrets-hook", "--baseline", RACINE / "packaging" / "secrets.json"]
    assert subprocess.run([*commande, sans], check=False, capture_output=True).returncode == 0
    assert subprocess.run([*commande, fuite], check=False, capture_output=True).returncode == 1


def test_the_provider_of_the_tests_is_locked_and_names_no_host():
    import json

    verrou = json.loads((RACINE / "tests" / "fournisseur" / "package-lock.json").read_text())
    paquets = [p for nom, p in verrou["packages"].items() if nom]
    assert paquets
    assert all("integrity" in p and "resolved" not in p for p in paquets)
