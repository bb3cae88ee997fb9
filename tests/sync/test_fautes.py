"""The fault matrix of design/sync.md, line by line: each fault is made for real, and what must hold is looked at."""

import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text, update

from guichet.central.base import BaseCentre
from guichet.central.entretien import purger_tombes
from guichet.central.fil import Ecrit, inscrire
from guichet.central.tables import applied, blob, quarantine, scope_head, sync_row
from guichet.contract.limites import PART_OCTETS, SCHEMA, TYPES_NOUVEAUX
from guichet.contract.sync import Mutation
from guichet.models import Contact, Creneau, Declaration, Habilitation, RendezVous, Reservation, uuid7
from guichet.services import locataires, rendezvous
from guichet.services.session import maintenant
from guichet.store import creneaux, fichiers, replique, sortie
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import CoffreAbime, CoffreFige, PhraseFausse
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import CentreOccupe, Injoignable, Interrompu
from tests.ampleur import ampleur
from tests.outils import CentreEnMarche, LigneLente
from tests.sync.outils import BAILLEUR, CAF, poste
from tests.tempete.jeu import Jeu, Meurtre
from tests.tempete.monde import AGENTS


@pytest.fixture
def jeu():
    ouvert = Jeu(11)
    for nom in AGENTS:
        ouvert.passe(nom)
    yield ouvert
    ouvert.fermer()


def _attendus(session, nombre):
    return sorted(locataires.identifiants(session, locataires.criteres(attendus=True, nom="", numero="", code_postal="")))[:nombre]


def _declarer(session, nombre):
    ids = _attendus(session, nombre)
    locataires.declarer_loyers(session, dict.fromkeys(ids, 50_000), date(2026, 7, 1))
    return ids


def _compter(base, requete):
    with base.lecture() as connexion:
        return connexion.scalar(requete)


def _declarations(base):
    return _compter(base, select(func.count()).select_from(Declaration))


# ---- drop / delay / duplicate / reorder request or answer; cut body at byte k


@pytest.mark.ampleur
@pytest.mark.parametrize("faute", ["perdues", "reponses", "coupees", "doublees", "retardees"])
def test_line_faults(jeu, faute):
    jeu.proxy.seules, jeu.proxy.taux = {faute}, 1.0
    pas = ampleur("pas_par_faute_de_ligne")
    for _ in range(pas):
        for nom in AGENTS:
            with suppress(Meurtre):
                jeu._agir(nom)
                jeu.passe(nom)
        jeu.proxy.rejouer()
    assert jeu.proxy.fautes[faute] > pas // 5
    jeu.apaiser()
    assert jeu.juger() == []


# ---- SIGKILL client at each commit point; power-cut simulation (copy db+wal)


@pytest.mark.ampleur
@pytest.mark.timeout(600)
def test_workstation_killed_at_every_commit(jeu):
    """The scenario writes: acts, marks, verdicts, pages, rights; it is killed just before and just after each of its commits."""
    tues, morts = 0, ampleur("morts_au_commit")
    for apres in (False, True):
        for rang in range(1, morts + 1):
            try:
                jeu._dire("ada", "armer", rang, apres)
                jeu._agir("ada")
                jeu.passe("bea")
                jeu._centre_ecrit()
                jeu.passe("ada")
                jeu._dire("ada", "armer", 0, False)
            except Meurtre:
                tues += 1
    assert tues > morts
    jeu.apaiser()
    assert jeu.juger() == []


def test_power_cut(bailleur, tmp_path):
    """The disk as it is at any instant, write-ahead log included, opens with everything that was said to be kept."""
    for tour in range(6):
        gardees = len(_declarer(bailleur, 3)) * (tour + 1)
        copie = tmp_path / f"copie{tour}"
        shutil.copytree(bailleur.coffre.dossier, copie, ignore=shutil.ignore_patterns("verrou"))
        coffre = ouvrir(copie, "une phrase de passe d'essai")
        with coffre.lecture() as connexion:
            assert connexion.scalar(text("SELECT count(*) FROM sortie WHERE libelle LIKE 'Loyer%'")) == gardees
        coffre.fermer()


# ---- SIGKILL API replica, PostgreSQL, one Citus worker mid-commit (no Citus here)


@pytest.mark.ampleur
@pytest.mark.timeout(600)
def test_replica_killed_at_every_commit(jeu):
    morts = ampleur("morts_de_replique")
    for rang in range(1, morts + 1):
        jeu._repliques[0][0].kill()
        jeu._repliques[0][0].join()
        jeu._lancer_replique(0, rang)
        for nom in AGENTS:
            jeu._agir(nom)
            jeu.passe(nom)
        jeu._relever_repliques()
    assert jeu.compte["repliques tuées"] >= morts // 4
    jeu.apaiser()
    assert jeu.juger() == []


def test_postgresql_killed_while_it_writes(postgresql_mortel, tmp_path):
    url = f"{postgresql_mortel.url}/modele"
    centre = CentreEnMarche(url, tmp_path / "pieces")
    centre.demarrer()
    session = poste(tmp_path / "b", centre, BAILLEUR)
    session.synchroniser()
    attendues = 0
    for delai in (0.0, 0.01, 0.03, 0.06):
        attendues += len(_declarer(session, 40))
        mort = threading.Timer(delai, postgresql_mortel.tuer)
        mort.start()
        with suppress(Injoignable):
            session.synchroniser()
        mort.join()
        with pytest.raises(CentreOccupe):
            session.synchroniser()
        postgresql_mortel.demarrer()
        session.synchroniser()
    base = BaseCentre(url)
    assert _declarations(base) == attendues
    with base.lecture() as connexion:
        for tete in connexion.execute(select(scope_head)):
            assert tete.last == (connexion.scalar(select(func.max(sync_row.c.seq)).where(sync_row.c.scope_id == tete.scope_id)) or 0)
    base.fermer()
    session.fermer()
    centre.tuer()


# ---- restore DB to t-1 h: tests/central/test_restauration.py, and the storm


# ---- revoke, re-grant, move dossier, change role mid-page


def _droit(base, session, portee, **valeurs):
    with base.ecriture() as connexion:
        h = Habilitation.__table__
        agent = session.agent()
        x = dict(connexion.execute(select(h).where(h.c.scope_id == agent.portee, h.c.portee == portee)).mappings().one())
        inscrire(connexion, x["scope_id"], [Ecrit("habilitation", x["id"], x | valeurs)])


def test_right_taken_in_the_middle_of_a_walk(centre, base, tmp_path, monkeypatch):
    session = poste(tmp_path / "caf", centre, CAF)
    site = "site:caf-31:toulouse-riquet"
    vraie = ClientCentre.page
    lues = []

    def page(self, portee, epoque, apres, limite=5000, **reste):
        lues.append(portee)
        if lues.count(site) == 3:
            _droit(base, session, site, au=date(2020, 1, 1))
        return vraie(self, portee, epoque, apres, 200, **reste)

    monkeypatch.setattr(ClientCentre, "page", page)
    with suppress(Exception):
        session.synchroniser()
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        assert site not in replique.curseurs(connexion)
        for table in ("personne", "dossier", "contact", "ligne", "recherche"):
            assert connexion.scalar(text(f"SELECT count(*) FROM {table} WHERE scope_id = '{site}'")) == 0
    _droit(base, session, site, au=None)
    session.synchroniser()
    with session.coffre.lecture() as connexion, base.lecture() as central:
        vivantes = central.scalar(select(scope_head.c.live).where(scope_head.c.scope_id == site))
        assert connexion.scalar(text(f"SELECT count(*) FROM ligne WHERE scope_id = '{site}'")) == vivantes
    session.fermer()


def test_dossier_moved_to_another_scope_is_never_lost(caf, base):
    """Put in the new scope, then evicted from the old one: seen twice for a moment."""
    with caf.coffre.lecture() as connexion:
        contact = connexion.execute(select(Contact.__table__).limit(1)).mappings().one()
    ref = "ref:national"
    vues = []
    for portee, valeurs in ((ref, dict(contact)), (contact["scope_id"], None)):
        with base.ecriture() as connexion:
            inscrire(connexion, portee, [Ecrit("contact", contact["id"], valeurs)])
        caf.synchroniser()
        with caf.coffre.lecture() as connexion:
            vues.append(connexion.scalar(select(func.count()).select_from(Contact).where(Contact.id == contact["id"])))
    assert vues == [2, 1]


# ---- clock ±1 day, backwards, suspend, reboot


def _a_la(monkeypatch, ici, *, mur=0.0, demarrage=0.0, redemarre=False):
    autre = creneaux.Horloge(ici.mur_s + mur, ici.demarrage_s + demarrage, "autre" if redemarre else ici.demarrage_id)
    monkeypatch.setattr(creneaux, "horloge", lambda: autre)


@pytest.mark.parametrize(
    ("derive", "confirme"),
    [
        ({}, True), ({"mur": 3600, "demarrage": 3600}, True), ({"mur": 86_400 * 3}, False), ({"mur": -86_400}, False),
        ({"demarrage": 86_400 * 3}, False), ({"redemarre": True}, False), ({"mur": 60 * 3600, "demarrage": 60 * 3600}, True),
        ({"mur": 66 * 3600, "demarrage": 10}, False),
    ],
)  # fmt: skip
def test_clock(caf, monkeypatch, derive, confirme):
    """A right confirms while both clocks agree that it is young; a sleep, a jump, a restart end it, and the booking is only asked for."""
    with caf.coffre.lecture() as connexion:
        tenu = connexion.execute(text("SELECT id FROM creneau_tenu LIMIT 1")).scalar_one()
        ici = creneaux.horloge()
    libre = next(c for c in rendezvous.creneaux(caf, datetime.now(UTC)) if c.id == tenu)
    _a_la(monkeypatch, ici, **derive)
    id_ = rendezvous.reserver_creneau(caf, libre, "04", None)
    assert rendezvous.lire(caf, id_).etat == ("confirme" if confirme else "demande")
    monkeypatch.undo()
    caf.synchroniser()
    caf.synchroniser()
    assert rendezvous.lire(caf, id_).etat in ("confirme", "refuse")


def test_no_decision_of_the_centre_follows_the_workstation_s_clock(bailleur, base):
    with bailleur.coffre.ecriture() as connexion:
        for ecart in (-1, 1):
            contenu = {
                "locataire_id": _attendus(bailleur, 2)[ecart > 0], "type": "loyer", "mois": "2026-07-01", "loyer_cents": 1, "etat": "transmise",
                "saisi_le": (maintenant() + timedelta(days=ecart)).isoformat(),
            }  # fmt: skip
            sortie.poster(connexion, bailleur.agent().travail, "Loyer", [Mutation("new", "declaration", uuid7(), contenu)])
    assert bailleur.synchroniser().refusees == 0
    assert _declarations(base) == 2


# ---- purge tombstones during a walk; walk interrupted 50 times


def test_purge_during_a_walk(centre, base, caf, monkeypatch):
    """A contact is deleted and its tombstone purged while the workstation is reading everything again."""
    site = caf.agent().travail
    with caf.coffre.lecture() as connexion:
        contact = connexion.execute(select(Contact.id).where(Contact.scope_id == site).limit(1)).scalar_one()
    with caf.coffre.ecriture() as connexion:
        replique.relire(connexion, site, replique.lire_curseur(connexion, site).epoque)
    vraie, lues = ClientCentre.page, []

    def page(self, portee, epoque, apres, limite=5000, **reste):
        if portee == site:
            lues.append(apres)
            if len(lues) == 5:
                with base.ecriture() as connexion:
                    inscrire(connexion, site, [Ecrit("contact", contact, None)])
                with base.ecriture() as connexion:
                    assert purger_tombes(connexion, site, datetime.now(UTC) + timedelta(seconds=1)) == 1
        return vraie(self, portee, epoque, apres, 150, **reste)

    monkeypatch.setattr(ClientCentre, "page", page)
    assert caf.synchroniser().repares == 0
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Contact).where(Contact.id == contact)) == 0


@pytest.mark.ampleur
def test_a_walk_interrupted_many_times(centre, base, tmp_path, monkeypatch):
    vraie, combien = ClientCentre.page, ampleur("interruptions_d_une_lecture")
    monkeypatch.setattr(ClientCentre, "page", lambda s, p, e, a, _=0, **r: vraie(s, p, e, a, 30_000 // combien, **r))
    monkeypatch.setattr("guichet.sync.passe.Passe._charger", lambda *_: False)  # the feed, not the snapshot
    interruptions = 0
    while True:
        session = poste(tmp_path / "grand", centre, "bailleur.grand")
        vus = []
        try:
            session.synchroniser(lambda _, vus=vus, session=session: session.interrompre() if vus.append(1) or len(vus) > 1 else None)
            break
        except Interrompu:
            interruptions += 1
            session.fermer()
    assert interruptions >= combien
    with session.coffre.lecture() as local, base.lecture() as central:
        for c in replique.curseurs(local).values():
            tete = central.execute(select(scope_head.c.digest, scope_head.c.live).where(scope_head.c.scope_id == c.portee)).one()
            assert (c.digest, c.vivantes) == tuple(tete)
    session.fermer()


# ---- poison op (500, 422, 30 s timeout, 600 kB) first in lane


@pytest.mark.parametrize("genre", ["500", "422", "delai", "600ko"])
def test_poison_first_in_lane(bailleur, base, monkeypatch, genre):
    """What follows a poison act passes within the same synchronisation; the act is set aside whole, and seen."""
    from guichet.sync.erreurs import CentreEnPanne, ReponseRefusee, SansReponse

    portee = bailleur.agent().travail
    objet = "POISON" + ("z" * 600_000 if genre == "600ko" else "")
    with bailleur.coffre.ecriture() as connexion:
        contenu = {"agent_id": "?", "le": maintenant().isoformat(), "action": "x", "objet": objet}
        poison = sortie.poster(connexion, portee, "Poison", [Mutation("new", "journal", uuid7(), contenu)])
    _declarer(bailleur, 30)
    erreurs = {"500": CentreEnPanne(), "422": ReponseRefusee(422, "requete_invalide", "non"), "delai": SansReponse()}
    vraie, essais = ClientCentre.pousser, []

    def pousser(self, envoi):
        if genre in erreurs and any(o.opid == poison and not o.a_part for o in envoi.operations):
            essais.append(len(envoi.operations))
            raise erreurs[genre]
        return vraie(self, envoi)

    monkeypatch.setattr(ClientCentre, "pousser", pousser)
    bilan = bailleur.synchroniser()
    assert (bilan.envoyees, bilan.refusees) == (31, 1)  # thirty rents, and the journal's own line
    assert _declarations(base) == 30
    with bailleur.coffre.lecture() as connexion:
        garde = sortie.lire(connexion, poison)
    assert (garde.etat, garde.mutations[0].set["objet"][:6]) == ("quarantaine", "POISON")
    assert _compter(base, select(func.count()).select_from(quarantine).where(quarantine.c.id == poison)) == 1
    if essais:
        assert essais[-1] == 1


# ---- 64 clients on 1 slot; owner offline 3 days then back


def test_sixty_four_clients_on_one_slot(centre, base):
    from guichet.contract.sync import ENROLEMENT, Enrolement, Envoi, Operation

    agenda, a_personne = "agenda:caf-31", Creneau.own_device.is_(None)
    creneau = _compter(base, select(Creneau.id).where(Creneau.scope_id == agenda, Creneau.etat == "libre", a_personne).limit(1))
    epoque = _compter(base, select(scope_head.c.epoch).where(scope_head.c.scope_id == agenda))
    jeton = centre.jeton(CAF)

    def reserver(_):
        from nacl.signing import SigningKey

        client, appareil, cle = ClientCentre(centre.url, jeton), uuid7(), SigningKey.generate()
        client.enroler(Enrolement(appareil, bytes(cle.verify_key), cle.sign(ENROLEMENT + appareil.encode()).signature))
        contenu = {"creneau_id": creneau, "motif_code": "04", "etat": "demande", "saisi_le": maintenant().isoformat()}
        operation = Operation(1, uuid7(), SCHEMA, [Mutation("new", "rendez_vous", uuid7(), contenu)])
        verdict = client.pousser(Envoi(appareil, agenda, epoque, 0, [operation]))[0]
        client.fermer()
        return verdict.st

    with ThreadPoolExecutor(64) as ensemble:
        verdicts = list(ensemble.map(reserver, range(64)))
    assert sorted(verdicts) == ["applied"] + ["slot_lost"] * 63
    vivantes = select(func.count()).select_from(Reservation).where(Reservation.creneau_id == creneau, Reservation.vivante)
    assert _compter(base, vivantes) == 1


def test_owner_offline_three_days_then_back(caf, centre, base, tmp_path):
    """It promised a slot it owned while offline; the right ended long ago; nobody else got the slot, and the promise is kept."""
    with caf.coffre.lecture() as connexion:
        tenu = connexion.execute(text("SELECT id FROM creneau_tenu LIMIT 1")).scalar_one()
    libre = next(c for c in rendezvous.creneaux(caf, datetime.now(UTC)) if c.id == tenu)
    promis = rendezvous.reserver_creneau(caf, libre, "04", None)
    assert rendezvous.lire(caf, promis).etat == "confirme"
    with base.ecriture() as connexion:
        connexion.execute(update(Creneau).where(Creneau.id == tenu).values(own_until=datetime.now(UTC) - timedelta(days=3)))
    autre = poste(tmp_path / "autre", centre, "hotesse.fs")
    autre.synchroniser()
    assert tenu not in {c.id for c in rendezvous.creneaux(autre, datetime.now(UTC))}
    autre.fermer()
    with caf.coffre.ecriture() as connexion:
        connexion.execute(text("UPDATE creneau_tenu SET mur_s = mur_s - 259200, demarrage_s = demarrage_s - 259200"))
    caf.synchroniser()
    assert rendezvous.lire(caf, promis).etat == "confirme"
    assert _compter(base, select(RendezVous.etat).where(RendezVous.id == promis)) == "confirme"
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(text("SELECT count(*) FROM creneau_a_rendre")) == 0


# ---- client N-2 with server N, unknown fields, unknown op version


def test_fields_of_a_later_version_go_round_unharmed(caf, base):
    site = caf.agent().travail
    with base.ecriture() as connexion:
        x = dict(connexion.execute(select(Contact.__table__).where(Contact.scope_id == site).limit(1)).mappings().one())
        inscrire(connexion, site, [Ecrit("contact", x["id"], x | {"extra": {"langue": "oc", "liste": [1, {"a": None}]}})])
    caf.synchroniser()
    with caf.coffre.ecriture() as connexion:
        assert connexion.scalar(select(Contact.extra).where(Contact.id == x["id"])) == {"langue": "oc", "liste": [1, {"a": None}]}
        sortie.poster(connexion, site, "Contact", [Mutation("set", "contact", x["id"], {"valeur": "0600000000"}, {"valeur": x["valeur"]})])
    caf.synchroniser()
    with base.lecture() as connexion:
        lu = connexion.execute(select(Contact.valeur, Contact.extra).where(Contact.id == x["id"])).one()
    assert tuple(lu) == ("0600000000", {"langue": "oc", "liste": [1, {"a": None}]})


def test_a_workstation_of_two_versions_before_is_served_then_catches_up_with_new_types_alone(caf, base, monkeypatch):
    """It kept what it did not know in its directory; once updated, it reads the new types again, and only those."""
    agenda = caf.agent().agenda
    with caf.coffre.ecriture() as connexion:
        connexion.execute(text("UPDATE curseur SET schema = 0"))
        connexion.execute(text("DELETE FROM creneau"))
    demandes = []
    vraie = ClientCentre.page

    def page(self, portee, *arguments, **reste):
        demandes.append((portee, reste.get("types", "")))
        return vraie(self, portee, *arguments, **reste)

    monkeypatch.setattr(ClientCentre, "page", page)
    caf.synchroniser()
    assert (agenda, ",".join(sorted({t for types in TYPES_NOUVEAUX.values() for t in types}))) in demandes
    assert all(types for _, types in demandes)
    with caf.coffre.lecture() as connexion:
        ici = connexion.scalar(text("SELECT count(*) FROM creneau WHERE scope_id = :p"), {"p": agenda})
    assert ici == _compter(base, select(func.count()).select_from(Creneau).where(Creneau.scope_id == agenda))
    demandes.clear()
    caf.synchroniser()
    assert demandes == []


def test_unknown_operation_version_is_kept_whole(bailleur, base, monkeypatch):
    monkeypatch.setattr(sortie, "SCHEMA", SCHEMA + 1)
    _declarer(bailleur, 2)
    assert bailleur.synchroniser().refusees == 3  # two rents, and the journal's own line
    assert _compter(base, select(func.count()).select_from(quarantine)) == 3
    assert _declarations(base) == 0


# ---- disk full (tests/store/test_disque_plein.py), read-only file, wrong key, corrupt page: client store


def test_read_only_profile_says_so(tmp_path):
    """SQLite itself refuses every write, as it does on a read-only file or disk; root, who runs these tests here, writes anywhere else."""
    coffre = ouvrir(tmp_path / "p", "une phrase de passe d'essai")
    event.listen(coffre._moteur, "checkout", lambda c, *_: c.execute("PRAGMA query_only = ON"))
    with pytest.raises(CoffreFige, match="lecture seule"), coffre.ecriture() as connexion:
        connexion.execute(text("DELETE FROM sortie"))
    coffre.fermer()


def test_wrong_key_and_corrupt_page_leave_the_base_alone(caf, tmp_path):
    dossier = tmp_path / "copie"
    shutil.copytree(caf.coffre.dossier, dossier, ignore=shutil.ignore_patterns("verrou", "*-wal", "*-shm"))
    avant = (dossier / "coffre.db").read_bytes()
    with pytest.raises(PhraseFausse):
        ouvrir(dossier, "autre")
    assert (dossier / "coffre.db").read_bytes() == avant
    octets = bytearray(avant)
    octets[len(octets) // 2] ^= 0xFF
    (dossier / "coffre.db").write_bytes(octets)
    with pytest.raises(CoffreAbime, match="Rien n'a été modifié"):
        ouvrir(dossier, "une phrase de passe d'essai")
    assert (dossier / "coffre.db").read_bytes() == bytes(octets)
    (dossier / "coffre.db").unlink()
    with pytest.raises(CoffreAbime):
        ouvrir(dossier, "une phrase de passe d'essai")
    assert not (dossier / "coffre.db").exists()


# ---- 40 MB PDF at 50 kbit/s with cuts


@pytest.mark.timeout(240)
def test_a_large_file_on_a_slow_line_that_is_cut(centre, base, tmp_path):
    """Scaled down: 6 MB at 1 MB/s, cut twice; each cut costs one part at most, and operations pass as they do without it."""
    ligne = LigneLente(centre.url, 1_000_000)
    session = poste(tmp_path / "caf", centre, CAF, ligne.url)
    session.synchroniser()
    portee, contenu = session.agent().travail, os.urandom(6_000_000)
    seul = _latence(session)
    with session.coffre.ecriture() as connexion:
        sha256 = fichiers.ranger(connexion, session.coffre.dossier, portee, contenu)
    avant, coupures, latences, fini = ligne.montes, 0, [], threading.Event()

    def deposer():
        nonlocal coupures
        while not fini.is_set():
            with suppress(Injoignable):
                session.envoyer_fichiers()
                with session.coffre.lecture() as connexion:
                    if not fichiers.compter_a_envoyer(connexion):
                        return

    fil = threading.Thread(target=deposer)
    fil.start()
    while fil.is_alive() and len(latences) < 200:
        with suppress(Injoignable):
            latences.append(_latence(session))
        if coupures < 2 and ligne.montes - avant > 1_700_000 * (coupures + 1):
            ligne.couper()
            coupures += 1
            ligne.retablir()
        time.sleep(0.2)
    fil.join(60)
    fini.set()
    assert coupures == 2
    assert _compter(base, select(blob.c.complet).where(blob.c.sha256 == sha256))
    montes = ligne.montes - avant
    assert montes < len(contenu) + (coupures + 0.5) * PART_OCTETS + 600_000
    assert sorted(latences)[len(latences) // 2] < 6 * seul + 0.3
    session.fermer()
    ligne.couper()


def _latence(session):
    """One act until its verdict is here."""
    with session.coffre.ecriture() as connexion:
        contenu = {"agent_id": "?", "le": maintenant().isoformat(), "action": "x", "objet": "y"}
        sortie.poster(connexion, session.agent().portee, "Journal", [Mutation("new", "journal", uuid7(), contenu)])
    debut = time.monotonic()
    session.synchroniser()
    return time.monotonic() - debut


# ---- digest bit flip on either side


def test_a_flipped_bit_at_the_centre_is_seen_at_the_next_hello(caf, base, monkeypatch):
    """The centre's row changed behind its feed: its digest is not ours, and the bucket alone is read again."""
    site = caf.agent().travail
    with base.ecriture() as connexion:
        x = connexion.execute(select(sync_row).where(sync_row.c.scope_id == site, sync_row.c.etype == "contact").limit(1)).one()
        corps = bytes(x.body).replace(b'"type"', b'"typf"')
        from guichet.contract.corps import empreinte

        h = empreinte(x.id, x.rev, corps)
        connexion.execute(update(sync_row).where(sync_row.c.scope_id == site, sync_row.c.id == x.id).values(body=bytes(x.body), h=h))
        tete = connexion.execute(select(scope_head.c.digest).where(scope_head.c.scope_id == site)).scalar_one()
        connexion.execute(update(scope_head).where(scope_head.c.scope_id == site).values(digest=tete ^ x.h ^ h))
    demandes = []
    vraie = ClientCentre.page
    monkeypatch.setattr(ClientCentre, "page", lambda s, p, *a, **r: demandes.append(r.get("seaux", "")) or vraie(s, p, *a, **r))
    with pytest.raises(Injoignable, match="Diagnostic"):
        caf.synchroniser()
    assert any(demandes)


def test_a_lost_row_here_is_repaired_by_its_bucket(caf, base, monkeypatch):
    site = caf.agent().travail
    with caf.coffre.ecriture() as connexion:
        perdu = connexion.execute(select(Contact.id).where(Contact.scope_id == site).limit(1)).scalar_one()
        connexion.execute(text("DELETE FROM contact WHERE id = :i"), {"i": perdu})
        connexion.execute(text("DELETE FROM ligne WHERE id = :i"), {"i": perdu})
    caf._verifiees.clear()
    octets = []
    vraie = ClientCentre._demander
    monkeypatch.setattr(ClientCentre, "_demander", lambda s, *a, **r: octets.append(vraie(s, *a, **r)) or octets[-1])
    assert caf.synchroniser().repares == 1
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Contact).where(Contact.id == perdu)) == 1
    assert sum(map(len, octets)) < 40_000  # 256 digests and one bucket, not the scope


# ---- 2 API replicas, same device retrying on both


def test_the_same_device_retrying_on_two_replicas_is_executed_once(url_base, tmp_path):
    from guichet.contract.sync import Envoi

    repliques = [CentreEnMarche(url_base, tmp_path / "pieces") for _ in range(2)]
    for replique_ in repliques:
        replique_.demarrer()
    session = poste(tmp_path / "b", repliques[0], BAILLEUR)
    session.synchroniser()
    portee = session.agent().travail
    _declarer(session, 60)
    with session.coffre.lecture() as connexion:
        depart, operations = sortie.a_envoyer(connexion, portee, 0, 60)
        epoque = replique.lire_curseur(connexion, portee).epoque
    envoi = Envoi(session.coffre.appareil, portee, epoque, depart, operations)
    jeton = repliques[0].jeton(BAILLEUR)
    clients = [ClientCentre(repliques[n % 2].url, jeton) for n in range(8)]
    with ThreadPoolExecutor(8) as ensemble:
        rendus = list(ensemble.map(lambda c: [(v.opid, v.st) for v in c.pousser(envoi)], clients))
    assert all(r == rendus[0] for r in rendus)
    base = BaseCentre(url_base)
    assert _declarations(base) == 60
    assert _compter(base, select(func.count()).select_from(applied).where(applied.c.scope_id == portee)) == 60
    base.fermer()
    session.synchroniser()
    for client in clients:
        client.fermer()
    session.fermer()
    for replique_ in repliques:
        replique_.tuer()


def test_two_replicas_behind_one_address_killed_in_turn(jeu):
    for tour in range(8):
        processus, _ = jeu._repliques[tour % 2]
        processus.kill()
        processus.join()
        for nom in AGENTS:
            jeu._agir(nom)
            assert jeu.passe(nom), "the other replica answers"
        jeu._lancer_replique(tour % 2, 0)
    jeu.apaiser()
    assert jeu.juger() == []
