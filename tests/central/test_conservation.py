"""How long data live: what is past its time goes, all of it, and nothing else; what is asked for is given, or erased, and told."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select, update

from guichet.central import entretien
from guichet.central.fichiers import Fichiers
from guichet.central.fil import Ecrit, inscrire
from guichet.central.services import conservation
from guichet.central.tables import historique, sync_row
from guichet.models import (
    ENTITES,
    Contact,
    Courrier,
    Demarche,
    Dette,
    Document,
    Dossier,
    Droit,
    Journal,
    Membre,
    Paiement,
    Personne,
    Visite,
    uuid7,
)  # fmt: skip
from tests.central.test_centre import CAF, Poste
from tests.outils import guichet

AUJOURD_HUI = date(2026, 11, 22)
IL_Y_A_LONGTEMPS = date(2020, 1, 15)
RESPONSABLE = "responsable.caf31"


@pytest.fixture
def portee(base, client):
    return Poste(client, base, CAF).portee("site")


def _vieillir(base, portee, combien=1):
    """Make dossiers old: nothing of theirs is later than 2020; return their ids."""
    with base.ecriture(portee) as connexion:
        ids = list(connexion.scalars(select(Dossier.id).where(Dossier.scope_id == portee).order_by(Dossier.id).limit(combien)))
        for classe, colonne in (
            (Paiement, "verse_le"),
            (Droit, "mois"),
            (Courrier, "le"),
            (Demarche, "deposee_le"),
            (Dossier, "ouvert_le"),
        ):
            cle = classe.id if classe is Dossier else classe.dossier_id
            connexion.execute(update(classe).where(classe.scope_id == portee, cle.in_(ids)).values({colonne: IL_Y_A_LONGTEMPS}))
        connexion.execute(update(Demarche).where(Demarche.scope_id == portee, Demarche.dossier_id.in_(ids)).values(etat="traitee"))
        connexion.execute(update(Dette).where(Dette.scope_id == portee, Dette.dossier_id.in_(ids)).values(solde_cents=0))
    return ids


def _gens(base, portee, dossier):
    with base.lecture(portee) as connexion:
        return list(connexion.scalars(select(Membre.personne_id).where(Membre.scope_id == portee, Membre.dossier_id == dossier)))


def _purger(base, portee, tmp_path, **options):
    return entretien.conserver(base.gardee(), Fichiers(tmp_path / "pieces"), portee, AUJOURD_HUI, **options)


def _reste(base, portee, *ids):
    """Count what still names these ids, in every table that has a scope."""
    with base.lecture(portee) as connexion:
        total = connexion.scalar(
            select(func.count()).select_from(sync_row).where(sync_row.c.scope_id == portee, sync_row.c.id.in_(ids), ~sync_row.c.deleted)
        )
        for classe in ENTITES.values():
            t = classe.__table__
            colonnes = [t.c[c] for c in ("id", "dossier_id", "personne_id") if c in t.c]
            if classe is not Journal:
                for c in colonnes:
                    total += connexion.scalar(select(func.count()).select_from(t).where(t.c.scope_id == portee, c.in_(ids)))
        return total


def test_a_dry_run_says_what_would_go_and_changes_nothing(base, portee, tmp_path):
    ids = _vieillir(base, portee, 3)
    avant = _reste(base, portee, *ids)
    constats = _purger(base, portee, tmp_path, a_blanc=True)
    assert [(c.famille, c.a_purger) for c in constats] == [("dossiers", 3)]
    assert constats[0].lignes > 30
    assert _reste(base, portee, *ids) == avant


def test_old_dossiers_go_with_their_people_and_the_others_stay(base, client, portee, tmp_path):
    ids = _vieillir(base, portee, 2)
    gens = [g for d in ids for g in _gens(base, portee, d)]
    with base.lecture(portee) as connexion:
        combien = connexion.scalar(select(func.count()).select_from(Dossier).where(Dossier.scope_id == portee))
    assert [c.a_purger for c in _purger(base, portee, tmp_path)] == [2]
    assert _reste(base, portee, *ids, *gens) == 0
    with base.lecture(portee) as connexion:
        assert connexion.scalar(select(func.count()).select_from(Dossier).where(Dossier.scope_id == portee)) == combien - 2
        ligne = connexion.execute(select(Journal).where(Journal.scope_id == portee, Journal.action == "purge")).one()
        assert (ligne.agent_id, ligne.objet) == ("centre", "dossiers")
        assert connexion.scalar(select(sync_row.c.body).where(sync_row.c.scope_id == portee, sync_row.c.id == ids[0])) == b"null"
    assert _purger(base, portee, tmp_path) == []


def test_many_go_some_at_a_time(base, portee, tmp_path, monkeypatch):
    """Those who write meanwhile wait for a few, never for all."""
    monkeypatch.setattr(conservation, "AU_PLUS", 2)
    ids = _vieillir(base, portee, 5)
    assert sum(c.a_purger for c in _purger(base, portee, tmp_path)) == 5
    assert _reste(base, portee, *ids) == 0
    with base.lecture(portee) as connexion:
        motifs = connexion.scalars(select(Journal.motif).where(Journal.scope_id == portee, Journal.action == "purge")).all()
    assert sorted(m.split()[0] for m in motifs) == ["1", "2", "2"]


def test_what_still_lives_stays(base, portee, tmp_path):
    ids = _vieillir(base, portee, 5)
    hier = datetime.combine(AUJOURD_HUI, datetime.min.time(), UTC) - timedelta(days=1)
    with base.ecriture(portee) as connexion:
        gens = connexion.scalar(select(Membre.personne_id).where(Membre.scope_id == portee, Membre.dossier_id == ids[0]))
        inscrire(connexion, portee, [
            Ecrit("visite", uuid7(), {"agent_id": "a", "dossier_id": ids[0], "personne_id": gens, "qualite": "allocataire", "preuve": "x", "ouverte_le": hier}),
            Ecrit("demarche", uuid7(), {"dossier_id": ids[1], "libelle": "x", "famille": "x", "etat": "en_cours", "deposee_le": IL_Y_A_LONGTEMPS}),
            Ecrit("dette", uuid7(), {"dossier_id": ids[2], "prestation_code": "x", "nee_le": IL_Y_A_LONGTEMPS, "solde_cents": 100}),
            Ecrit("courrier", uuid7(), {"dossier_id": ids[3], "le": AUJOURD_HUI - relativedelta(months=24), "sens": "recu", "objet": "x", "lu": True}),
        ])  # fmt: skip
    _purger(base, portee, tmp_path)
    with base.lecture(portee) as connexion:
        restes = set(connexion.scalars(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.id.in_(ids))))
        assert restes == set(ids[:4])
        assert connexion.scalar(select(func.count()).select_from(Visite).where(Visite.scope_id == portee, Visite.dossier_id == ids[0])) == 1


def test_mails_of_people_without_a_dossier_go_after_the_time_of_one(base, portee, tmp_path):
    mails = [uuid7(), uuid7()]
    valeurs = {"dossier_id": "", "libelle": "x", "famille": "courriels", "etat": "recue"}
    with base.ecriture(portee) as connexion:
        inscrire(connexion, portee, [
            Ecrit("demarche", mails[0], valeurs | {"deposee_le": AUJOURD_HUI - relativedelta(months=24, days=1)}),
            Ecrit("demarche", mails[1], valeurs | {"deposee_le": AUJOURD_HUI - relativedelta(months=23)}),
        ])  # fmt: skip
    constats = _purger(base, portee, tmp_path)
    assert ("sans_dossier", 1) in [(c.famille, c.a_purger) for c in constats]
    with base.lecture(portee) as connexion:
        restes = connexion.scalars(select(Demarche.id).where(Demarche.scope_id == portee, Demarche.id.in_(mails))).all()
    assert restes == [mails[1]]


def test_people_of_two_dossiers_stay_while_one_is_left(base, portee, tmp_path):
    vieux, autre = _vieillir(base, portee, 1)[0], None
    personne = _gens(base, portee, vieux)[0]
    with base.ecriture(portee) as connexion:
        autre = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.id != vieux).limit(1))
        inscrire(connexion, portee, [Ecrit("membre", uuid7(), {"dossier_id": autre, "personne_id": personne, "role": "autre"})])
    _purger(base, portee, tmp_path)
    with base.lecture(portee) as connexion:
        assert connexion.scalar(select(Personne.id).where(Personne.scope_id == portee, Personne.id == personne)) == personne
        assert connexion.scalars(select(Contact.id).where(Contact.scope_id == portee, Contact.personne_id == personne)).all()


def _document(base, portee, fichiers, dossier, type_piece, jours, contenu):
    import hashlib

    sha256, id_ = hashlib.sha256(contenu).hexdigest(), uuid7()
    fichiers.recevoir(portee, sha256, 0, contenu)
    fichiers.assembler(portee, sha256, 1)
    le = datetime.combine(AUJOURD_HUI, datetime.min.time(), UTC) - timedelta(days=jours)
    with base.ecriture(portee) as connexion:
        inscrire(connexion, portee, [Ecrit("document", id_, {
            "dossier_id": dossier, "type_piece": type_piece, "nom": "x", "sha256": sha256, "octets": len(contenu), "pages": 1, "etat": "recu",
            "saisi_le": le,
        })])  # fmt: skip
    return id_, fichiers.chemin(portee, sha256)


def test_copies_of_identity_papers_go_a_month_after_the_requests_close(base, portee, tmp_path):
    fichiers = Fichiers(tmp_path / "pieces")
    with base.ecriture(portee) as connexion:
        calme, occupe = connexion.scalars(select(Dossier.id).where(Dossier.scope_id == portee).limit(2)).all()
        ici = (Demarche.scope_id == portee) & Demarche.dossier_id.in_([calme, occupe])
        connexion.execute(update(Demarche).where(ici).values(etat="traitee"))
        inscrire(connexion, portee, [
            Ecrit("demarche", uuid7(), {"dossier_id": occupe, "libelle": "x", "famille": "x", "etat": "en_cours", "deposee_le": AUJOURD_HUI})
        ])  # fmt: skip
    vieille, son_fichier = _document(base, portee, fichiers, calme, "piece_identite", 31, b"carte ancienne")
    recente, _ = _document(base, portee, fichiers, calme, "piece_identite", 29, b"carte neuve")
    autre, _ = _document(base, portee, fichiers, calme, "autre", 400, b"bulletin")
    utile, _ = _document(base, portee, fichiers, occupe, "piece_identite", 90, b"carte utile")
    partagee, le_fichier = _document(base, portee, fichiers, calme, "piece_identite", 40, b"meme contenu")
    garde, _ = _document(base, portee, fichiers, calme, "autre", 40, b"meme contenu")
    constats = _purger(base, portee, tmp_path)
    assert [(c.famille, c.a_purger, len(c.contenus)) for c in constats] == [("pieces_identite", 2, 1)]
    with base.lecture(portee) as connexion:
        restes = set(connexion.scalars(select(Document.id).where(Document.scope_id == portee)))
    assert restes >= {recente, autre, utile, garde}
    assert not restes & {vieille, partagee}
    assert not son_fichier.exists()
    assert le_fichier.exists()


def test_it_goes_by_itself_each_day(base, portee, tmp_path):
    ids = _vieillir(base, portee, 1)
    entretien.passer(base.gardee(), Fichiers(tmp_path))
    assert _reste(base, portee, *ids) == 0


def test_history_of_what_is_erased_goes_too(base, portee, tmp_path):
    ids = _vieillir(base, portee, 1)
    with base.ecriture(portee) as connexion:
        connexion.execute(historique.insert().values(
            scope_id=portee, cible_id=ids[0], champ="iban", opid=uuid7(), cible_type="dossier", avant="FR1", apres="FR2", agent_id="a", auteur="A",
            le=datetime.now(UTC),
        ))  # fmt: skip
    _purger(base, portee, tmp_path)
    with base.lecture(portee) as connexion:
        assert connexion.execute(select(historique).where(historique.c.scope_id == portee)).all() == []


# ---- what people ask for


def _exporter(client, base, login, portee, dossier):
    poste = Poste(client, base, login)
    return client.get(
        "/v1/dossiers/export", params={"portee": portee, "dossier": dossier}, headers={"Authorization": f"Bearer {poste.jeton}"}
    )


def test_all_that_is_held_is_given_to_the_responsable_without_the_names_of_agents(base, client, portee):
    caf = Poste(client, base, CAF)
    with base.lecture(portee) as connexion:
        dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
        combien = connexion.scalar(
            select(func.count()).select_from(Paiement).where(Paiement.scope_id == portee, Paiement.dossier_id == dossier)
        )
    ligne = {"agent_id": caf.agent.id, "le": "2026-11-20T10:00:00+00:00", "action": "ouverture", "objet": dossier}
    assert caf.faire(portee, "journal", ligne)["st"] == "applied"
    rendu = _exporter(client, base, RESPONSABLE, portee, dossier)
    assert rendu.status_code == 200, rendu.text
    lu = rendu.json()
    assert len(lu["donnees"]["paiement"]) == combien
    assert {"dossier", "personne", "membre", "contact", "identifiant"} <= set(lu["donnees"])
    assert [c["action"] for c in lu["consultations"]] == ["ouverture"]
    assert caf.agent.id not in rendu.text
    assert lu["durees"]["dossier"].startswith("24 mois")
    with base.lecture(portee) as connexion:
        assert connexion.scalar(select(Journal.objet).where(Journal.scope_id == portee, Journal.action == "export")) == dossier


def test_nobody_else_exports(base, client, portee):
    with base.lecture(portee) as connexion:
        dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
    assert _exporter(client, base, CAF, portee, dossier).status_code == 403
    assert _exporter(client, base, RESPONSABLE, "site:cpam-31:x", dossier).status_code == 403
    assert _exporter(client, base, RESPONSABLE, portee, "ailleurs").status_code == 404


def test_by_the_command_line(base, portee, tmp_path):
    ids = _vieillir(base, portee, 2)
    vers = tmp_path / "export.json"
    adresse = base.moteur.url.render_as_string(hide_password=False)
    rendu = guichet("centre", "exporter", "--base", adresse, "--portee", portee, "--dossier", ids[0], "--vers", str(vers))
    assert rendu.returncode == 0, rendu.stderr
    assert json.loads(vers.read_text())["donnees"]["dossier"][0]["id"] == ids[0]
    rendu = guichet(
        "centre",
        "effacer",
        "--base",
        adresse,
        "--portee",
        portee,
        "--dossier",
        ids[0],
        "--motif",
        "à sa demande",
        "--yes",
        "--fichiers",
        str(tmp_path),
    )
    assert rendu.returncode == 0, rendu.stderr
    assert _reste(base, portee, ids[0]) == 0
    with base.lecture(portee) as connexion:
        assert connexion.scalar(select(Journal.motif).where(Journal.scope_id == portee, Journal.action == "effacement")) == "à sa demande"
    rendu = guichet("centre", "purger", "--base", adresse, "--fichiers", str(tmp_path))
    assert "Rien n'a été modifié" in rendu.stdout
    assert _reste(base, portee, ids[1]) > 0
    rendu = guichet("centre", "purger", "--base", adresse, "--appliquer", "--fichiers", str(tmp_path))
    assert "lignes effacées" in rendu.stdout
    assert _reste(base, portee, ids[1]) == 0
