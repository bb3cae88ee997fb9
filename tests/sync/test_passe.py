"""Two ends in step: through a real socket, cut for real."""

import hashlib
import time
from datetime import UTC, date, datetime

import msgspec
import pytest
import zstandard
from sqlalchemy import func, select, text, update

from guichet.central import instantanes
from guichet.central.entretien import purger_tombes
from guichet.central.fil import Ecrit, inscrire
from guichet.central.tables import historique, instantane_part, quarantine, reglage, scope_head, sync_row
from guichet.contract.sync import Mutation
from guichet.models import ENTITES, Contact, Declaration, Habilitation, Personne, RendezVous, uuid7
from guichet.models.enums import Qualite
from guichet.rules.recherche import plier
from guichet.services import dossiers, envois, locataires, rendezvous, visites
from guichet.store import creneaux, replique, sortie
from guichet.store.sortie import EtatEnvoi
from guichet.store.tables import coffre, ligne
from guichet.sync import passe
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import CentreOccupe, Injoignable, Interrompu
from tests.outils import Ligne
from tests.sync.outils import BAILLEUR, CAF, poste


def _visite(session, trouve):
    carte = dossiers.ouvrir(session, trouve.portee, trouve.dossier_id, date.today())
    return visites.ouvrir(session, carte.portee, carte.dossier_id, carte.titulaire.personne_id, Qualite.ALLOCATAIRE, "Carte")


def _quelquun(session):
    with session.coffre.lecture() as connexion:
        nom = connexion.scalar(text("SELECT cle FROM recherche WHERE role = 'responsable' ORDER BY rid LIMIT 1"))
    return dossiers.chercher(session, nom, date.today()).trouves[0]


_SOMMES = text("SELECT digest, vivantes FROM curseur WHERE scope_id = :p")


def _somme(connexion, portee):
    digest, lues = 0, connexion.execute(text("SELECT h FROM ligne WHERE scope_id = :p"), {"p": portee}).scalars().all()
    for h in lues:
        digest ^= h
    return digest, len(lues)


def _egaux(session, base):
    """Compare every followed scope, row by row, with the centre."""
    with session.coffre.lecture() as local, base.lecture() as central:
        for portee in replique.curseurs(local):
            ici = dict(local.execute(text("SELECT id, rev FROM ligne WHERE scope_id = :p"), {"p": portee}).all())
            la_bas = dict(
                central.execute(select(sync_row.c.id, sync_row.c.rev).where(sync_row.c.scope_id == portee, ~sync_row.c.deleted)).all()
            )
            assert ici == la_bas
            tete = central.execute(select(scope_head.c.digest, scope_head.c.live).where(scope_head.c.scope_id == portee)).one()
            assert _somme(local, portee) == tuple(tete) == local.execute(_SOMMES, {"p": portee}).one()


def test_the_first_pass_fills_the_profile_and_the_second_asks_nothing(caf, base):
    _egaux(caf, base)
    assert caf.synchroniser().recues == 0


def test_a_first_pass_that_is_stopped_goes_on_where_it_was(centre, base, tmp_path):
    from guichet.sync.erreurs import Interrompu

    session = poste(tmp_path / "grand", centre, "bailleur.grand")
    with pytest.raises(Interrompu, match="reprendra de là"):
        session.synchroniser(lambda bilan: session.interrompre() if bilan.recues > 10_000 else None)
    session.fermer()
    session = poste(tmp_path / "grand", centre, "bailleur.grand")
    with session.coffre.lecture() as connexion:
        deja = connexion.scalar(text("SELECT count(*) FROM ligne"))
    bilan = session.synchroniser()
    assert deja >= 10_000
    with session.coffre.lecture() as connexion:
        assert bilan.recues == connexion.scalar(text("SELECT count(*) FROM ligne")) - deja
    _egaux(session, base)
    session.fermer()


def test_a_change_at_the_centre_reaches_the_card_and_the_index(caf, base):
    trouve = _quelquun(caf)
    with base.ecriture() as connexion:
        ligne = dict(connexion.execute(select(Personne.__table__).where(Personne.id == trouve.personne_id)).mappings().one())
        inscrire(
            connexion,
            trouve.portee,
            [Ecrit("personne", ligne["id"], ligne | {"nom_naissance": "Zzyx", "cle": plier(f"Zzyx {ligne['prenoms']}")})],
        )
    caf.synchroniser()
    assert [t.personne_id for t in dossiers.chercher(caf, "zzyx", date.today()).trouves] == [trouve.personne_id]
    assert trouve.personne_id not in {t.personne_id for t in dossiers.chercher(caf, trouve.nom, date.today()).trouves}
    _egaux(caf, base)


def test_a_tombstone_removes_the_row_and_its_index(caf, base):
    trouve = _quelquun(caf)
    with base.ecriture() as connexion:
        inscrire(connexion, trouve.portee, [Ecrit("personne", trouve.personne_id, None)])
    caf.synchroniser()
    assert trouve.personne_id not in {t.personne_id for t in dossiers.chercher(caf, f"{trouve.nom} {trouve.prenoms}", date.today()).trouves}
    _egaux(caf, base)


def test_a_lost_answer_is_asked_again_and_executed_once(centre, base, tmp_path):
    """The line is cut after the centre has committed and before the workstation has stored its answer."""
    ligne = Ligne(centre.url)
    session = poste(tmp_path / "b", centre, BAILLEUR, ligne.url)
    session.synchroniser()
    ids = sorted(locataires.identifiants(session, locataires.criteres(attendus=True, nom="", numero="", code_postal="")))[:30]
    locataires.declarer_loyers(session, dict.fromkeys(ids, 50_000), date(2026, 7, 1))
    client = session._client
    vrai = client.pousser

    def perdre(envoi):
        vrai(envoi)
        ligne.couper()
        raise Injoignable

    client.pousser = perdre
    with pytest.raises(Injoignable):
        session.synchroniser()
    client.pousser = vrai
    with pytest.raises(Injoignable):
        session.synchroniser()
    ligne.retablir()
    bilan = session.synchroniser()
    assert bilan.refusees == 0
    with base.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Declaration)) == 30
    assert session.etat().comptes.en_attente == 0
    _egaux(session, base)
    session.fermer()
    ligne.couper()


def test_a_row_damaged_here_is_seen_at_the_next_opening_and_its_bucket_alone_is_read_again(caf, base):
    with caf.coffre.ecriture() as connexion:
        connexion.execute(text("UPDATE ligne SET h = ~h WHERE id = (SELECT id FROM foyer LIMIT 1)"))
        connexion.execute(text("DELETE FROM foyer WHERE id = (SELECT id FROM foyer LIMIT 1)"))
    caf._verifiees.clear()
    bilan = caf.synchroniser()
    assert (bilan.repares, bilan.recues) == (1, 0)
    _egaux(caf, base)
    with caf.coffre.lecture() as local, base.lecture() as central:
        portee = caf.agent().travail
        assert local.scalar(text("SELECT count(*) FROM foyer")) == central.scalar(
            text("SELECT count(*) FROM foyer WHERE scope_id = :p"), {"p": portee}
        )


def test_a_restored_centre_gets_back_what_it_forgot(centre, bailleur, base):
    """The centre goes back to before the declarations, under a new epoch: they are sent again, once."""
    import shutil
    import sqlite3

    chemin = centre.base.removeprefix("sqlite:///")
    sqlite3.connect(chemin).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(chemin, f"{chemin}.sauvegarde")
    ids = sorted(locataires.identifiants(bailleur, locataires.criteres(attendus=True, nom="", numero="", code_postal="")))[:5]
    locataires.declarer_loyers(bailleur, dict.fromkeys(ids, 50_000), date(2026, 7, 1))
    bailleur.synchroniser()
    port = centre.url.rsplit(":", 1)[1]
    centre.tuer()
    base.fermer()
    for reste in ("-wal", "-shm"):
        __import__("pathlib").Path(chemin + reste).unlink(missing_ok=True)
    shutil.copy(f"{chemin}.sauvegarde", chemin)
    with base.ecriture() as connexion:
        connexion.execute(scope_head.update().where(scope_head.c.kind == "bailleur").values(epoch=uuid7()))
        assert connexion.scalar(select(func.count()).select_from(Declaration)) == 0
    centre.demarrer(f"127.0.0.1:{port}")
    bailleur.synchroniser()
    with base.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Declaration)) == 5
    _egaux(bailleur, base)


def test_a_revoked_scope_leaves_the_workstation_but_not_the_unsent_work(caf, base):
    trouve = _quelquun(caf)
    _visite(caf, trouve)
    with base.ecriture() as connexion:
        ligne = dict(
            connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == trouve.portee, Habilitation.role == "conseiller"))
            .mappings()
            .one()
        )
        inscrire(connexion, ligne["scope_id"], [Ecrit("habilitation", ligne["id"], ligne | {"au": ligne["du"]})])
    caf.synchroniser()
    with caf.coffre.lecture() as connexion:
        for table in ("personne", "dossier", "paiement", "recherche", "ligne"):
            assert connexion.scalar(text(f"SELECT count(*) FROM {table} WHERE scope_id = :p"), {"p": trouve.portee}) == 0
        refuses = [e for e in sortie.lister(connexion) if e.etat == "quarantaine"]
        assert sortie.comptes(connexion).refuses == 1
    assert {e.libelle for e in refuses} == {"Ouverture de visite", "Journal : visite", "Journal : ouverture"}
    assert all("retiré" in e.detail for e in refuses)


def _creneau_non_confie(session):
    """The first free slot over which this desk has no right: the morning's first may be its own, on a working day before the doors open."""
    with session.coffre.lecture() as connexion:
        confies = creneaux.tenus(connexion, session.agent().agenda)
    return next(c for c in rendezvous.creneaux(session, datetime.now(UTC)) if c.id not in confies)


@pytest.mark.exigence("RDV-02")
def test_a_booking_made_offline_is_provisional_then_judged(centre, base, caf):
    creneau = _creneau_non_confie(caf)
    visite = _visite(caf, _quelquun(caf))
    id_ = rendezvous.reserver_creneau(caf, creneau, "04", visite)
    assert rendezvous.lire(caf, id_).etat == "demande"
    caf.synchroniser()
    assert rendezvous.lire(caf, id_).etat == "confirme"
    rendezvous.annuler(caf, rendezvous.lire(caf, id_))
    caf.synchroniser()
    assert rendezvous.lire(caf, id_).etat == "annule"
    with base.lecture() as connexion:
        assert connexion.scalar(select(RendezVous.etat).where(RendezVous.id == id_)) == "annule"


def test_a_slot_taken_meanwhile_comes_back_with_three_others(centre, base, caf, tmp_path):
    autre = poste(tmp_path / "fs", centre, "hotesse.fs")
    autre.synchroniser()
    creneau = _creneau_non_confie(caf)
    rendezvous.reserver_creneau(autre, creneau, "01", None)
    autre.synchroniser()
    autre.fermer()
    id_ = rendezvous.reserver_creneau(caf, creneau, "04", None)
    caf.synchroniser()
    pris = rendezvous.lire(caf, id_)
    assert pris.etat == "refuse"
    assert len(pris.alternatives) == 3
    _egaux(caf, base)


@pytest.mark.exigence("MCP-04")
def test_every_reading_is_journaled_at_the_centre_without_a_name(caf, base):
    trouve = _quelquun(caf)
    dossiers.ouvrir(caf, trouve.portee, trouve.dossier_id, date.today())
    dossiers.briser_la_glace(caf, trouve.dossier_id, "erreur de saisie signalée")
    dossiers.reveler_nir(caf, trouve.portee, trouve.dossier_id)
    caf.synchroniser()
    with base.lecture() as connexion:
        motifs = connexion.execute(text("SELECT motif FROM journal WHERE action = 'bris_de_glace'")).scalars().all()
        assert motifs == ["erreur de saisie signalée"]
        lignes = connexion.execute(text("SELECT action, objet FROM journal ORDER BY le")).all()
    assert ("ouverture", trouve.dossier_id) in lignes
    assert ("devoilement_nir", trouve.dossier_id) in lignes
    assert not any(trouve.nom.lower() in f"{a} {o}".lower() for a, o in lignes)


def test_the_responsable_is_told_of_a_broken_glass_and_says_that_he_has_seen_it(caf, centre, base, tmp_path):
    trouve = _quelquun(caf)
    dossiers.briser_la_glace(caf, trouve.dossier_id, "erreur de saisie signalée")
    caf.synchroniser()
    assert envois.avis(caf) == []
    responsable = poste(tmp_path / "responsable", centre, "responsable.caf31")
    responsable.synchroniser()
    (recu,) = envois.avis(responsable)
    assert (recu.champ, recu.cible, recu.auteur) == ("bris_de_glace", trouve.dossier_id, "Malika Serrano")
    assert responsable.etat().avis == 1
    envois.marquer_lu(responsable, recu)
    assert responsable.synchroniser().refusees == 0
    assert envois.avis(responsable) == []
    responsable.fermer()


@pytest.mark.parametrize(("login", "motif"), [(BAILLEUR, "un motif assez long"), (CAF, "court"), (CAF, None)])
def test_the_centre_itself_refuses_a_glass_broken_without_right_or_reason(centre, base, tmp_path, login, motif):
    """The workstation would not have asked: this one was changed."""
    session = poste(tmp_path / "modifie", centre, login)
    session.synchroniser()
    with session.coffre.ecriture() as connexion:
        contenu = {
            "agent_id": session.agent().id,
            "le": datetime.now(UTC).isoformat(),
            "action": "bris_de_glace",
            "objet": "d",
            "motif": motif,
        }
        sortie.poster(connexion, session.agent().travail, "Bris", [Mutation("new", "journal", uuid7(), contenu)])
    assert session.synchroniser().refusees == 1
    with base.lecture() as connexion:
        assert connexion.scalar(text("SELECT count(*) FROM avis")) == 0
    session.fermer()


def _occupe(*_):
    raise CentreOccupe(7)


def _un_contact(base, portee):
    with base.ecriture() as connexion:
        table = Contact.__table__
        lu = dict(connexion.execute(select(table).where(table.c.scope_id == portee).limit(1)).mappings().one())
        inscrire(connexion, portee, [Ecrit("contact", lu["id"], lu | {"valeur": "+33699999999"})])
    return lu["id"]


def test_a_centre_that_gives_us_a_later_turn_to_send_is_read_all_the_same(caf, base, monkeypatch):
    trouve = _quelquun(caf)
    _visite(caf, trouve)
    contact = _un_contact(base, trouve.portee)
    with monkeypatch.context() as occupe:
        occupe.setattr(ClientCentre, "pousser", _occupe)
        with pytest.raises(CentreOccupe) as attente:
            caf.synchroniser()
    assert attente.value.reessayer == 7
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(Contact.valeur).where(Contact.id == contact)) == "+33699999999"
        assert sortie.comptes(connexion).en_attente
    assert caf.synchroniser().envoyees


def _index_poses(session):
    with session.coffre.lecture() as connexion:
        return set(connexion.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'")))


def _remplir(base, portee):
    """Make a scope large enough for a snapshot."""
    with base.ecriture() as connexion:
        neufs = (Ecrit("contact", uuid7(), {"personne_id": "p", "type": "courriel", "valeur": f"{n}@exemple.fr"}) for n in range(3000))
        inscrire(connexion, portee, list(neufs))
    instantanes.construire(base, portee)


def test_a_first_load_cut_between_two_parts_ends_with_every_row_and_every_index(caf, centre, base, tmp_path, monkeypatch):
    monkeypatch.setattr(instantanes, "INSTANTANE_LIGNES", 700)
    attendus = {i.name for classe in ENTITES.values() for i in classe.__table__.indexes}
    session = poste(tmp_path / "neuf", centre, CAF)
    portee = _quelquun(caf).portee
    _remplir(base, portee)
    dites = [0]

    def couper(bilan):
        if bilan.recues - dites[-1] == 700:
            session.interrompre()
        dites.append(bilan.recues)

    with pytest.raises(Interrompu):
        session.synchroniser(couper)
    assert attendus - _index_poses(session)
    session.fermer()
    reprise = poste(tmp_path / "neuf", centre, CAF)
    assert reprise.synchroniser().repares == 0
    assert attendus <= _index_poses(reprise)
    with reprise.coffre.lecture() as connexion, base.lecture() as la:
        assert replique.compter_lignes(connexion, portee) == la.scalar(select(scope_head.c.live).where(scope_head.c.scope_id == portee))
    reprise.fermer()


def test_a_part_of_a_snapshot_whose_columns_differ_in_length_is_not_believed(caf, centre, base, tmp_path):
    portee = _quelquun(caf).portee
    _remplir(base, portee)
    with base.ecriture() as connexion:
        part = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(connexion.scalar(select(instantane_part.c.corps))))
        part["groupes"][0]["colonnes"][0].pop()
        corps = zstandard.ZstdCompressor().compress(msgspec.json.encode(part))
        connexion.execute(update(instantane_part).values(corps=corps, sha256=hashlib.sha256(corps).hexdigest()))
    session = poste(tmp_path / "neuf", centre, CAF)
    with pytest.raises(Injoignable):
        session.synchroniser()
    with session.coffre.lecture() as connexion:
        assert replique.compter_lignes(connexion, portee) == 0
    session.fermer()


def test_an_act_whose_answer_was_lost_is_read_with_its_body_when_the_centre_is_busy(caf, monkeypatch):
    trouve = _quelquun(caf)
    visite, bilans = _visite(caf, trouve), []
    pousser = ClientCentre.pousser

    def reponse_perdue(client, envoi):
        pousser(client, envoi)
        raise Injoignable

    for panne, motif in ((reponse_perdue, Injoignable), (_occupe, CentreOccupe)):
        with monkeypatch.context() as contexte:
            contexte.setattr(ClientCentre, "pousser", panne)
            with pytest.raises(motif):
                caf.synchroniser(bilans.append)
    assert bilans
    assert not any(b.repares for b in bilans)
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(ligne.c.rev).where(ligne.c.id == visite.id)) == 1
    assert caf.synchroniser().repares == 0


def test_what_was_executed_before_an_act_that_the_centre_defers_is_noted_with_its_rows(caf, base):
    trouve = _quelquun(caf)
    visite = _visite(caf, trouve)
    with caf.coffre.ecriture() as connexion:
        sortie.poster(connexion, trouve.portee, "Contact", [Mutation("set", "contact", uuid7(), {"valeur": "x"}, {"valeur": "y"})])
    with base.ecriture() as connexion:
        connexion.execute(update(reglage).values(retablissement=True))
    bilan = caf.synchroniser()
    assert (bilan.envoyees > 0, bilan.differees, bilan.repares) == (True, 1, 0)
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(ligne.c.rev).where(ligne.c.id == visite.id)) == 1


def _editer(session, portee, valeurs):
    """Change telephones here, one act each; return {contact: new value}."""
    faits = {}
    with session.coffre.ecriture() as connexion:
        telephones = select(Contact.id, Contact.valeur).where(Contact.scope_id == portee, Contact.type == "telephone").order_by(Contact.id)
        for contact, valeur in zip(connexion.execute(telephones).all(), valeurs, strict=False):
            edition = Mutation("set", "contact", contact.id, {"valeur": valeur}, {"valeur": contact.valeur})
            sortie.poster(connexion, portee, "Contact", [edition])
            faits[contact.id] = valeur
    assert len(faits) == len(valeurs)
    return faits


def test_what_was_typed_is_found_before_it_is_sent(caf):
    _editer(caf, _quelquun(caf).portee, ["+33611223344"])
    assert len(dossiers.chercher(caf, "06 11 22 33 44", date.today()).trouves) == 1


def test_the_cursor_goes_with_our_answers_and_nothing_is_read_again(caf, base, monkeypatch):
    caf.synchroniser()
    _editer(caf, _quelquun(caf).portee, [f"+3361122{n:04}" for n in range(12)])
    pages = []
    with monkeypatch.context() as compte:
        compte.setattr(ClientCentre, "page", lambda *a, **_: pages.append(a))
        bilan = caf.synchroniser()
    assert (bilan.envoyees, bilan.recues, bilan.repares, pages) == (12, 0, 0, [])
    assert caf.synchroniser().repares == 0
    _egaux(caf, base)


def test_the_cursor_stays_behind_what_another_wrote_between_our_acts(caf, base, monkeypatch):
    portee = _quelquun(caf).portee
    _editer(caf, portee, [f"+3361122{n:04}" for n in range(5)])
    ailleurs, pousser = [], ClientCentre.pousser

    def doubles(client, envoi):
        if not ailleurs:
            ailleurs.append(_un_contact(base, portee))
        return pousser(client, envoi)

    monkeypatch.setattr(ClientCentre, "pousser", doubles)
    assert caf.synchroniser().repares == 0
    with caf.coffre.lecture() as connexion, base.lecture() as la:
        lu = select(Contact.valeur).where(Contact.id == ailleurs[0])
        assert connexion.scalar(lu) == la.scalar(lu)
    _egaux(caf, base)


def test_a_batch_never_overtakes_an_act_that_the_centre_defers(caf, base, monkeypatch):
    monkeypatch.setattr(passe, "LOT_OPERATIONS", 3)
    portee = _quelquun(caf).portee
    avant = _editer(caf, portee, [f"+3361122{n:04}" for n in range(4)])
    premier = next(iter(avant))
    with caf.coffre.ecriture() as connexion:
        sortie.poster(connexion, portee, "Contact", [Mutation("set", "contact", uuid7(), {"valeur": "x"}, {"valeur": "y"})])
        for de, a in (("+33611220000", "y"), ("y", "z")):
            sortie.poster(connexion, portee, "Contact", [Mutation("set", "contact", premier, {"valeur": a}, {"valeur": de})])
    for ouvert, envoyees in ((True, 4), (False, 2)):
        with base.ecriture() as connexion:
            connexion.execute(update(reglage).values(retablissement=ouvert))
        assert caf.synchroniser().envoyees == envoyees
    with base.lecture() as connexion:
        assert connexion.scalar(select(Contact.valeur).where(Contact.id == premier)) == "z"
        assert connexion.scalar(select(func.count()).select_from(quarantine)) == 0


def test_acts_are_on_their_way_while_the_centre_makes_us_wait_and_wait_again_when_it_is_lost(caf, monkeypatch):
    portee = _quelquun(caf).portee
    _editer(caf, portee, ["+33611229999"])
    vus = []

    def lente(_client, _envoi):
        for _ in range(100):
            time.sleep(0.05)
            with caf.coffre.lecture() as connexion:
                vus.append({e.etat for e in sortie.lister(connexion) if e.libelle == "Contact"})
            if EtatEnvoi.ENVOI in vus[-1]:
                break
        raise Injoignable

    monkeypatch.setattr(ClientCentre, "pousser", lente)
    with pytest.raises(Injoignable):
        caf.synchroniser()
    assert vus[-1] == {EtatEnvoi.ENVOI}
    with caf.coffre.lecture() as connexion:
        assert {e.etat for e in sortie.lister(connexion) if e.libelle == "Contact"} == {EtatEnvoi.EN_ATTENTE}


def test_batches_follow_each_other_when_the_answer_to_one_is_lost(caf, base, monkeypatch):
    """The next one left while the last was stored: both are sent again, and neither is executed twice."""
    monkeypatch.setattr(passe, "LOT_OPERATIONS", 3)
    faits = _editer(caf, _quelquun(caf).portee, [f"+3361122{n:04}" for n in range(9)])
    pousser, envois = ClientCentre.pousser, []

    def deuxieme_perdue(client, envoi):
        envois.append(envoi.operations[0].lseq)
        rendus = pousser(client, envoi)
        if len(envois) == 2:
            raise Injoignable
        return rendus

    monkeypatch.setattr(ClientCentre, "pousser", deuxieme_perdue)
    with pytest.raises(Injoignable):
        caf.synchroniser()
    assert caf.synchroniser().repares == 0
    assert envois[1:3] == [envois[0] + 3] * 2
    with base.lecture() as connexion:
        lues = dict(connexion.execute(select(Contact.id, Contact.valeur).where(Contact.id.in_(list(faits)))).all())
        assert lues == faits
        assert connexion.scalar(select(func.count()).select_from(historique)) == 9
    _egaux(caf, base)


def test_a_pass_with_nothing_to_do_still_reads_the_centre_s_clock(centre, tmp_path):
    for tour in range(2):
        session = poste(tmp_path / "neuf", centre, CAF)
        session.synchroniser()
        session.synchroniser()
        with session.coffre.lecture() as connexion:
            ecart = connexion.scalar(select(coffre.c.ecart_horloge_s))
        session.fermer()
        assert ecart is not None, tour
        assert abs(ecart) <= 2


def _curseur(session, portee):
    with session.coffre.lecture() as connexion:
        return replique.lire_curseur(connexion, portee)


def test_a_page_that_arrives_after_another_is_not_applied(caf, base):
    portee = _quelquun(caf).portee
    avant = _curseur(caf, portee)
    _un_contact(base, portee)
    caf.synchroniser()
    apres = _curseur(caf, portee)
    with caf.coffre.ecriture() as connexion:
        assert not replique.appliquer(connexion, avant, [], avant.seq, avant.seq)
    assert _curseur(caf, portee) == apres != avant


def test_a_row_older_than_ours_does_not_replace_it(caf, base):
    """A page that was on its way while a verdict brought a later state of one of its rows."""
    portee = _quelquun(caf).portee
    avant = _curseur(caf, portee)
    with base.lecture() as connexion:
        contact = dict(connexion.execute(select(Contact.__table__).where(Contact.scope_id == portee).limit(1)).mappings().one())
    pages = []
    for valeur in ("+33611110000", "+33622220000"):
        with base.ecriture() as connexion:
            inscrire(connexion, portee, [Ecrit("contact", contact["id"], contact | {"valeur": valeur})])
        pages.append(caf._client.page(portee, avant.epoque, avant.seq, gen=avant.gen, depart=avant.depart, appareil=""))
    ancienne, recente = pages
    with caf.coffre.ecriture() as connexion:
        replique.accuser(connexion, portee, recente.lignes, replique.Vues({}, {}, {}))
    with caf.coffre.ecriture() as connexion:
        assert replique.appliquer(connexion, avant, ancienne.lignes, ancienne.entete.a, ancienne.entete.tete)
        assert connexion.scalar(select(Contact.valeur).where(Contact.id == contact["id"])) == "+33622220000"
    assert caf.synchroniser().repares == 0
    _egaux(caf, base)


def test_a_cursor_never_moves_without_its_rows(caf, base, monkeypatch):
    portee = _quelquun(caf).portee
    avant, contact = _curseur(caf, portee), _un_contact(base, portee)

    def tomber(*_, **__):
        raise MemoryError

    with monkeypatch.context() as panne:
        panne.setattr(replique, "_recevoir", tomber)
        with pytest.raises(MemoryError):
            caf.synchroniser()
    assert _curseur(caf, portee) == avant
    assert caf.synchroniser().repares == 0
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(Contact.valeur).where(Contact.id == contact)) == "+33699999999"


def test_a_row_acknowledged_before_a_walk_is_not_met_by_it(caf, base, monkeypatch):
    """Buried and purged before the walk reads its first page, it is nowhere in the feed: the sweep must take it."""
    portee = _quelquun(caf).portee
    (contact,) = _editer(caf, portee, ["+33611229999"])
    with caf.coffre.ecriture() as connexion:
        replique.relire(connexion, portee, _curseur(caf, portee).epoque)
    pousser = ClientCentre.pousser

    def puis_enterrer(client, envoi):
        rendus = pousser(client, envoi)
        with base.ecriture() as connexion:
            inscrire(connexion, portee, [Ecrit("contact", contact, None)])
            purger_tombes(connexion, portee, datetime.now(UTC))
        return rendus

    monkeypatch.setattr(ClientCentre, "pousser", puis_enterrer)
    bilan = caf.synchroniser()
    assert (bilan.envoyees, bilan.repares) == (1, 0)
    with caf.coffre.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Contact).where(Contact.id == contact)) == 0
    _egaux(caf, base)
