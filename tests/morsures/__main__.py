"""`python -m tests.morsures`: each thing taken out, one at a time; ends non-zero when a test that claims it did not see it go."""

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Sequence, Set

from tests.morsures.equipe import essayer_tous
from tests.morsures.liste import RACINE, Retrait, tous

BILAN = RACINE / "sortie" / "morsures.json"
ECHANTILLON = 15


def main() -> int:
    """Read the command line, try what it asks for, say what was found."""
    lu = argparse.ArgumentParser(prog="python -m tests.morsures", description=__doc__)
    lu.add_argument("--echantillon", type=int, metavar="GRAINE", help=f"{ECHANTILLON} removals drawn by this seed, cheap ones more often")
    lu.add_argument("--seulement", metavar="MOTIF", default="", help="those whose name has this in it")
    lu.add_argument("--reprendre", action="store_true", help="leave out those that were red in the last sortie/morsures.json")
    lu.add_argument("--ouvriers", type=int, default=2)
    options = lu.parse_args()
    retraits = [r for r in tous() if options.seulement in r.nom]
    connus = _dernier_bilan({r.nom for r in retraits}) if options.reprendre else {}
    retraits = [r for r in retraits if r.nom not in connus]
    if options.echantillon is not None:
        retraits = tirer(retraits, options.echantillon)
        sys.stdout.write(f"Échantillon de {len(retraits)} retraits, graine {options.echantillon}\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an interruption: nothing is left running
    debut, rendus = time.monotonic(), dict(connus)
    try:
        for rang, (nom, verdict) in enumerate(essayer_tous(retraits, options.ouvriers), start=1):
            rendus[nom] = vars(verdict)
            sys.stdout.write(f"{rang:4}/{len(retraits)} {verdict.etat:6} {verdict.secondes:5.1f} s  {nom}\n")
            sys.stdout.flush()
    finally:  # what was tried is kept, for --reprendre
        code = _conclure(rendus, time.monotonic() - debut)
    return code


def tirer(retraits: Sequence[Retrait], graine: int) -> list[Retrait]:
    """Draw a sample without putting back, cheap ones more often; the same seed draws the same."""
    hasard = random.Random(graine)
    return sorted(retraits, key=lambda r: hasard.random() ** r.cout, reverse=True)[:ECHANTILLON]


def _dernier_bilan(noms: Set[str]) -> dict[str, dict[str, object]]:
    """Return what was red in the last run, of what is still there."""
    rendus = json.loads(BILAN.read_text(encoding="utf-8"))["retraits"] if BILAN.exists() else {}
    return {nom: rendu for nom, rendu in rendus.items() if nom in noms and rendu["etat"] == "rouge"}


def _conclure(retraits: dict[str, dict[str, object]], secondes: float) -> int:
    """Keep what was found in sortie/, say it in a few lines, and return the command's status."""
    par_etat = {etat: [nom for nom, v in retraits.items() if v["etat"] == etat] for etat in ("rouge", "vert", "erreur")}
    comptes = {etat: len(noms) for etat, noms in par_etat.items()}
    BILAN.parent.mkdir(exist_ok=True)
    bilan = {"essayes": len(retraits), **comptes, "secondes": round(secondes), "retraits": retraits}
    BILAN.write_text(json.dumps(bilan, ensure_ascii=False, indent=1), encoding="utf-8")
    for nom in par_etat["vert"]:
        sys.stdout.write(f"Resté vert : {nom}\n")
    for nom in par_etat["erreur"]:
        sys.stdout.write(f"En erreur : {nom} ({retraits[nom]['par']})\n")
    sys.stdout.write(
        f"{len(retraits)} retraits essayés en {secondes:.0f} s : {comptes['rouge']} rouges, {comptes['vert']} restés verts, "
        f"{comptes['erreur']} en erreur ; {BILAN.relative_to(RACINE)}\n"
    )
    return 1 if comptes["vert"] or comptes["erreur"] or not retraits else 0


if __name__ == "__main__":
    sys.exit(main())
