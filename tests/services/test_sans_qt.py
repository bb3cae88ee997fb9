"""The services work where Qt is not installed: proved in an environment without it."""

import subprocess
import sys
import sysconfig
import textwrap
import venv
from pathlib import Path

SCRIPT = textwrap.dedent("""
    import importlib.util, sys, pkgutil, importlib
    assert importlib.util.find_spec("PySide6") is None
    import guichet.services
    for paquet in ("services", "sync", "documents", "store", "contract", "rules", "models", "central"):
        module = importlib.import_module(f"guichet.{paquet}")
        for m in pkgutil.walk_packages(module.__path__, f"guichet.{paquet}."):
            if ".versions" not in m.name:
                importlib.import_module(m.name)
    print(len([m for m in sys.modules if m.startswith("guichet.")]))
""")


def test_services_import_without_pyside6_installed(tmp_path):
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ici = Path(sysconfig.get_paths()["purelib"])
    site = next((tmp_path / "venv").rglob("site-packages"))
    for module in ici.iterdir():
        if not module.name.lower().startswith(("pyside6", "shiboken6", "qtawesome", "qtpy", "pytestqt", "__pycache__")):
            (site / module.name).symlink_to(module)
    rendu = subprocess.run([python, "-c", SCRIPT], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert rendu.returncode == 0, rendu.stderr
    assert int(rendu.stdout) > 60
