"""A full disk, for real: the act fails whole, what was there stays, and it works again once there is room."""

import os
import subprocess
import sys
import textwrap

import pytest

SCRIPT = textwrap.dedent("""
    import os, resource, signal, sys
    from pathlib import Path
    from sqlalchemy import text
    from guichet.store.coffre import ouvrir
    from guichet.store.erreurs import DisquePlein
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    coffre = ouvrir(Path(sys.argv[1]), "phrase")
    taille = max((Path(sys.argv[1]) / n).stat().st_size for n in os.listdir(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (taille + 200_000, resource.RLIM_INFINITY))
    ecrites = 0
    try:
        for n in range(100_000):
            with coffre.ecriture() as c:
                c.execute(text("INSERT INTO foyer(scope_id, id, situation, depuis) VALUES ('s', :n, :x, '2020-01-01')"), {"n": str(n), "x": "x" * 2000})
            ecrites += 1
    except DisquePlein as erreur:
        assert "ce qui précède l'est" in str(erreur)
    with coffre.lecture() as c:
        lues = c.scalar(text("SELECT count(*) FROM foyer"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with coffre.ecriture() as c:
        c.execute(text("INSERT INTO foyer(scope_id, id, situation, depuis) VALUES ('s', 'apres', 'x', '2020-01-01')"))
    coffre.fermer()
    print(ecrites, lues)
""")


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX; a full disk has not been tried on Windows")
def test_a_full_disk_loses_nothing_that_was_said_written(tmp_path):
    rendu = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, rendu.stderr
    ecrites, lues = map(int, rendu.stdout.split())
    assert 0 < ecrites < 100_000
    assert lues == ecrites
