"""Safety rules switched off one at a time, in a copy of the sources: the storm must notice each."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RACINE = Path(__file__).parents[2]

MUTANTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "no_idem": ((
        "central/services/couloir.py",
        "            if operation.lseq <= dernier:\n                verdicts.append(self._deja_rendu(operation))\n                continue\n",
        "            if operation.lseq <= dernier:\n                verdicts.append(self._executer_une(operation))\n                continue\n",
    ),),
    "no_stored_verdict": (("central/services/couloir.py", "            self._retenir(verdict)\n", ""),),
    "drop_on_send": ((
        "sync/passe.py",
        "        verdicts = self._client.pousser(Envoi(",
        "        self._marquer(portee, EtatEnvoi.TRANSMIS)\n        verdicts = self._client.pousser(Envoi(",
    ),),
    "rows_lost": (("sync/passe.py", "                    bilan.differees += 1\n                    break\n", "                    return False\n"),),
    "hole_in_lane": (("sync/passe.py", "                self._reprendre_tout(portee, accueil.restauration)\n", "                pass\n"),),
    "absent_stays": (("sync/passe.py", "and (montrees[o.lseq] or m.k == \"set\")", "and montrees[o.lseq]"),),
    "stub_unseen": (("sync/passe.py", "                occupe, self._souches = attente, \"\"\n", "                occupe = attente\n"),),
    "drop_conflict": ((
        "store/sortie.py",
        "in _A_PART else EtatEnvoi.REFUSE\n",
        "in _A_PART else EtatEnvoi.TRANSMIS\n",
    ),),
    "cursor_first": ((
        "sync/passe.py",
        "            with self._coffre.ecriture() as connexion:\n                courant = avant if rang == 0 else",
        "            with self._coffre.ecriture() as connexion:\n"
        "                connexion.exec_driver_sql('UPDATE curseur SET seq = ? WHERE scope_id = ?', (jusque, avant.portee))\n"
        "            from dataclasses import replace\n            avant = replace(avant, seq=jusque)\n"
        "            with self._coffre.ecriture() as connexion:\n                courant = avant if rang == 0 else",
    ),),
    "trunc": (
        ("sync/client.py", "        if not entete.n == fin.fin == len(corps):\n            raise Injoignable\n", ""),
        (
            "sync/client.py",
            "        octets = self._demander(\"GET\", \"/v1/sync/pull\", params=params)\n",
            "        octets = _tronquer(self._demander(\"GET\", \"/v1/sync/pull\", params=params))\n",
        ),
        (
            "sync/client.py",
            "_LIGNE = msgspec.json.Decoder(Ligne)\n",
            "_LIGNE = msgspec.json.Decoder(Ligne)\n\n\ndef _tronquer(octets: bytes) -> bytes:\n"
            "    import random\n    lignes = zstandard.ZstdDecompressor().decompress(octets, max_output_size=PAGE_OCTETS).split(b'\\n')\n"
            "    if len(lignes) > 3 and random.random() < 0.2:\n        del lignes[-2]\n"
            "    return zstandard.ZstdCompressor().compress(b'\\n'.join(lignes))\n",
        ),
    ),
    "no_idem_rows": (("store/replique.py", "        seq += x.seq == seq + 1\n", "        seq = max(seq, x.seq)\n"),),
    "cursor_over_gap": (("store/replique.py", "        seq += x.seq == seq + 1\n", "        seq = max(seq, x.seq)\n"),),
    "ahead_of_verdict": (("sync/passe.py", "reponse = confier(*suite) if juges else None", "reponse = confier(*suite)"),),
    "no_rev": (("store/replique.py", "(forcer or x.rev + retablir > _rev(connues, x.id))", "True"),),
    "stale_page": ((
        "store/replique.py",
        "curseur.c.epoch == avant.epoque, curseur.c.seq == avant.seq, curseur.c.gen == avant.gen)",
        "curseur.c.epoch != '')",
    ), (
        "store/replique.py",
        ".values(seq=jusque, **({\"depart\"",
        ".values(seq=func.max(curseur.c.seq, jusque), **({\"depart\"",
    )),
    "no_sweep": ((
        "store/replique.py",
        "    connexion.execute(delete(ligne).where(ligne.c.scope_id == c.portee, ligne.c.gen < c.gen))\n    sommer(connexion, c.portee, (x.h for x in perdues), -len(perdues))\n",
        "",
    ),),
    "no_floor": (("central/api/sync.py", "if apres > 0 and max(apres, depart) < tete.floor:", "if False:"),),
    "floor_naive": (("central/api/sync.py", "max(apres, depart) < tete.floor", "apres < tete.floor"),),
    "no_epoch": (("central/restauration.py", ".values(epoch=uuid7()))", ".values(kind=scope_head.c.kind))"),),
    "keep_rev": (("store/replique.py", "    if douteuse or connexion.scalar(", "    if douteuse or False and connexion.scalar("),),
    "no_resend": (("sync/passe.py", "                sortie.reprendre(connexion, etat.portee, etat.couloir)\n", ""),),
    "no_wipe": (("sync/passe.py", "                replique.oublier(connexion, curseur.portee)\n", ""),),
    "no_seal": (("sync/passe.py", "            self._client.rapporter(Scelles(self._appareil, portee, corps))\n", "            pass\n"),),
    "no_quarantine": ((
        "central/services/couloir.py",
        "            self._garder(operation.opid, msgspec.to_builtins(operation), \"interdit\")\n",
        "",
    ),),
    "resurrect": ((
        "central/services/jugement.py",
        "    if est_ne(cas):\n        raise RefusOperation(Etat.DISPARU",
        "    if est_ne(cas) and cas.mutation.type == 'contact':\n"
        "        return {'personne_id': 'p', 'type': 'telephone', 'valeur': '0', 'code_postal': None, 'commune': None, 'extra': None}\n"
        "    if est_ne(cas):\n        raise RefusOperation(Etat.DISPARU",
    ),),
    "poison_blocks": (("sync/passe.py", "verdicts = self._insister(portee, epoque, base, operations[0])", "raise"),),
    "lease_nofence": ((
        "central/services/faits.py",
        "c.c.etat == EtatCreneau.LIBRE, droit)",
        "c.c.etat == EtatCreneau.LIBRE)",
    ),),
    "lease_expiry": ((
        "central/services/creneaux.py",
        "        if c[\"etat\"] != EtatCreneau.LIBRE or c[\"own_device\"] not in (None, demande.appareil):\n            continue\n",
        "        if c[\"etat\"] != EtatCreneau.LIBRE or (c[\"own_device\"] not in (None, demande.appareil) and c[\"own_until\"] > datetime.now(UTC)):\n"
        "            continue\n        if c[\"own_device\"] != demande.appareil:\n            c[\"own_device\"] = None\n",
    ), (
        "store/creneaux.py",
        "c.debut < jusqua, c.own_device.is_(None)",
        "c.debut < jusqua",
    )),
    "no_barrier": ((
        "central/services/creneaux.py", "or 0) < demande.barriere:", "or 0) < 0:",
    ), (
        "sync/passe.py",
        "            try:\n                self._pousser_tout(etats, bilan)\n",
        "            creneaux.tenir(self._coffre, self._client, self._appareil)\n            try:\n                self._pousser_tout(etats, bilan)\n",
    )),
    "ack_confirms": (("store/replique.py", "if not avant.relecture or 0 < avant.depart < x.seq]", "if True]"),),
    "no_skip": (("central/services/couloir.py", "        return max(dernier, envoi.base)\n", "        return dernier\n"),),
    "stub_in_walk": (("central/api/sync.py", "    en_marche = bool(apres and not depart and not types and not seaux)\n", "    en_marche = True\n"),),
    "low_lane": (("store/replique.py", "lseq=max(etat.couloir, ici)", "lseq=0"),),
    "refusal_stays": (("store/replique.py", "(forcer or x.rev + retablir > _rev(connues, x.id))", "(forcer or x.rev > _rev(connues, x.id))"),),
    "two_heads": (("central/fil.py", "digest=scope_head.c.digest.bitwise_or(_DELTA) - scope_head.c.digest.bitwise_and(_DELTA),", "digest=_DELTA,"),),
}  # fmt: skip
"""Name of the rule to (file of `guichet`, text, text without the rule): the texts must be there, so that mutants follow the code."""


_PASSE, _RETABLI = "tests/sync/test_passe.py", "tests/central/test_restauration.py"
NOMMES = {
    "hole_in_lane": f"{_RETABLI}::test_acts_judged_before_a_restore_are_sent_again_when_hello_leaves_their_scope_out",
    "absent_stays": f"{_RETABLI}::test_an_edit_refused_for_want_of_its_row_does_not_stay_when_the_row_comes_back",
    "rows_lost": f"{_PASSE}::test_what_was_executed_before_an_act_that_the_centre_defers_is_noted_with_its_rows",
    "stub_unseen": f"{_PASSE}::test_an_act_whose_answer_was_lost_is_read_with_its_body_when_the_centre_is_busy",
    "ahead_of_verdict": f"{_PASSE}::test_a_batch_never_overtakes_an_act_that_the_centre_defers",
    "stale_page": f"{_PASSE}::test_a_page_that_arrives_after_another_is_not_applied",
    "no_rev": f"{_PASSE}::test_a_row_older_than_ours_does_not_replace_it",
    "cursor_first": f"{_PASSE}::test_a_cursor_never_moves_without_its_rows",
    "ack_confirms": f"{_PASSE}::test_a_row_acknowledged_before_a_walk_is_not_met_by_it",
    "no_skip": "tests/central/test_protocole.py::test_a_hole_that_a_device_declares_is_audited",
}
"""Rules that are at stake too seldom for a storm of 12,000 acts, each with the test that holds it."""


def copier(nom: str, ou: Path) -> None:
    """Make a copy of the sources with one rule off. Raises AssertionError when the rule is no longer written as the mutant knows it."""
    shutil.copy(RACINE / "pyproject.toml", ou)
    for dossier in ("guichet", "tests", "resources"):
        shutil.copytree(RACINE / dossier, ou / dossier, ignore=shutil.ignore_patterns("__pycache__"))
    for fichier, avant, apres in MUTANTS[nom]:
        chemin = ou / "guichet" / fichier
        texte = chemin.read_text()
        assert texte.count(avant) == 1, f"{nom}: {fichier} holds {texte.count(avant)} times {avant!r}"
        chemin.write_text(texte.replace(avant, apres))


def tuer(nom: str, operations: int, graine: int) -> str | None:
    """Play the storm on a mutant, or the test that is named for it; return what gave it away, or None when it survived."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as dossier:
        copier(nom, Path(dossier))
        if nom in NOMMES:
            rendu = _lancer(dossier, "pytest", "-q", "--tb=no", NOMMES[nom])
            assert rendu.returncode in (0, 1), rendu.stdout + rendu.stderr
            return NOMMES[nom] if rendu.returncode else None
        rendu = _lancer(dossier, "tests.tempete", str(operations), str(graine))
        if rendu.returncode == 0:
            return None
        lignes = [x.strip() for x in rendu.stdout.splitlines() if x.startswith("  ")]
        return lignes[0] if lignes else (rendu.stderr.strip().splitlines() or ["no word"])[-1]


def _lancer(dossier: str, *module: str) -> subprocess.CompletedProcess[str]:
    environnement = os.environ | {"PYTHONPATH": dossier, "PYTHONDONTWRITEBYTECODE": "1", "GUICHET_TEMPETE_ATTENTE": "25"}
    commande = [sys.executable, "-m", *module]
    return subprocess.run(commande, cwd=dossier, env=environnement, capture_output=True, text=True, timeout=1800, check=False)


def essayer(noms: list[str], operations: int = 12_000, graine: int = 0) -> int:
    """Try every mutant, or those named; return how many survived."""
    survivants = 0
    for nom in noms or MUTANTS:
        indice = tuer(nom, operations, graine)
        survivants += indice is None
        print(f"{nom:18} {'SURVIT' if indice is None else 'tué : ' + indice[:150]}", flush=True)
    print(f"{len(noms or MUTANTS) - survivants} mutants tués, {survivants} survivants")
    return survivants
