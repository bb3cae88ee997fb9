"""What the centre let go of is gone from a workstation too, even one that was away; copies and keys do not stay."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text, update

from guichet.central import entretien
from guichet.central.fichiers import Fichiers
from guichet.contract.sync import Mutation
from guichet.models import Contact, Courrier, Demarche, Dette, Document, Dossier, Droit, Membre, Paiement, uuid7
from guichet.services import dossiers
from guichet.store import conservation, fichiers, sortie
from guichet.store import journal as du_poste
from tests.outils import guichet
from tests.sync.outils import CAF, poste

IL_Y_A_LONGTEMPS = date(2020, 1, 15)


def _vieillir(connexion, portee, dossier):
    for classe, colonne in ((Paiement, "verse_le"), (Droit, "mois"), (Courrier, "le"), (Demarche, "deposee_le")):
        connexion.execute(update(classe).where(classe.scope_id == portee, classe.dossier_id == dossier).values({colonne: IL_Y_A_LONGTEMPS}))
    connexion.execute(update(Dossier).where(Dossier.scope_id == portee, Dossier.id == dossier).values(ouvert_le=IL_Y_A_LONGTEMPS))
    connexion.execute(update(Demarche).where(Demarche.scope_id == portee, Demarche.dossier_id == dossier).values(etat="traitee"))
    connexion.execute(update(Dette).where(Dette.scope_id == portee, Dette.dossier_id == dossier).values(solde_cents=0))


def _fragments(coffre, *marques):
    """Look for texts in every column of every table, the index's own included."""
    trouves = set()
    with coffre.lecture() as connexion:
        tables = list(connexion.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'")))
        tables += list(connexion.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID%'")))
        for table in tables:
            for ligne in connexion.execute(text(f'SELECT * FROM "{table}"')):
                for valeur in ligne:
                    octets = valeur if isinstance(valeur, bytes) else str(valeur).encode()
                    trouves |= {(table, m) for m in marques if m.encode() in octets}
    return trouves


def test_a_workstation_that_was_away_keeps_nothing_of_what_the_centre_let_go(caf, base, centre, tmp_path):
    portee = caf.agent().travail
    marque = "ZZYXMARQUE"
    with base.ecriture(portee) as connexion:
        dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
    with caf.coffre.lecture() as connexion:
        personne = connexion.scalar(select(Membre.personne_id).where(Membre.dossier_id == dossier))
        contact = connexion.execute(select(Contact.id, Contact.valeur).where(Contact.personne_id == personne)).first()
        numero = connexion.scalar(select(Dossier.numero).where(Dossier.id == dossier))
    with caf.coffre.ecriture() as connexion:
        edition = Mutation("set", "contact", contact.id, {"valeur": marque}, {"valeur": contact.valeur})
        sortie.poster(connexion, portee, "Contact", [edition], dossier)
    caf.synchroniser()
    assert {t for t, _ in _fragments(caf.coffre, marque, dossier)} >= {"contact", "sortie", "membre", "recherche"}
    # The workstation is away; meanwhile the dossier passes its time.
    with base.ecriture(portee) as connexion:
        _vieillir(connexion, portee, dossier)
    entretien.conserver(base.gardee(), Fichiers(tmp_path / "pieces"), portee, datetime.now(UTC).date())
    assert dossiers.chercher(caf, numero, date.today()).trouves
    caf.synchroniser()
    assert _fragments(caf.coffre, marque, personne) == set()
    assert {t for t, _ in _fragments(caf.coffre, dossier)} <= {"journal_local", "sortie"}
    assert not dossiers.chercher(caf, numero, date.today()).trouves


@pytest.fixture
def purger(caf):
    def faire():
        with caf.coffre.ecriture() as connexion:
            return conservation.purger(connexion, caf.coffre.dossier, datetime.now(UTC))

    return faire


def _scan(caf, contenu, jours, *, envoye):
    portee = caf.agent().travail
    with caf.coffre.ecriture() as connexion:
        dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
        sha256 = fichiers.ranger(connexion, caf.coffre.dossier, portee, contenu)
        connexion.execute(
            Document.__table__.insert().values(
                scope_id=portee, id=uuid7(), dossier_id=dossier, type_piece="autre", nom="x", sha256=sha256, octets=1, pages=1,
                etat="recu" if envoye else "a_envoyer", saisi_le=datetime.now(UTC) - timedelta(days=jours),
            )
        )  # fmt: skip
        if envoye:
            fichiers.marquer_envoye(connexion, portee, sha256)
    return partial(fichiers.lire, dossier=caf.coffre.dossier, portee=portee, sha256=sha256)


def test_copies_that_the_centre_has_do_not_stay_and_their_key_goes_first(caf, purger):
    vieux = _scan(caf, b"vieux", 31, envoye=True)
    recent = _scan(caf, b"recent", 29, envoye=True)
    retenu = _scan(caf, b"pas parti", 400, envoye=False)
    assert [c.exists() for c in purger().copies] == [True]
    with caf.coffre.lecture() as connexion:
        with pytest.raises(LookupError):  # the sealed file is still there, and nothing opens it any more
            vieux(connexion)
        assert recent(connexion) == b"recent"
        assert retenu(connexion) == b"pas parti"


def test_the_workstation_s_own_journal_is_sealed_and_purged(caf, purger):
    with caf.coffre.ecriture() as connexion:
        for n in range(5):
            du_poste.inscrire(connexion, uuid7(), "a", datetime(2024, 1, 1 + n, tzinfo=UTC), "ouverture", "x", "")
    assert purger().lignes_de_journal == 5
    with caf.coffre.lecture() as connexion:
        ruptures, rang, _ = du_poste.controler(connexion)
        assert ruptures == []
        assert rang >= 5
        assert du_poste.dernier(connexion, "ouverture", "x") is None


def test_a_pass_does_it(centre, tmp_path, base):
    session = poste(tmp_path / "p", centre, CAF)
    session.synchroniser()
    vieux = _scan(session, b"vieux", 31, envoye=True)
    session.fermer()
    session = poste(tmp_path / "p", centre, CAF)
    session.synchroniser()
    with session.coffre.lecture() as connexion, pytest.raises(LookupError):
        vieux(connexion)
    assert not [f for f in (tmp_path / "p" / "fichiers").rglob("*") if f.is_file()]
    session.fermer()


def test_by_the_command_line_it_says_first(caf):
    _scan(caf, b"vieux", 31, envoye=True)
    profil = caf.coffre.dossier
    caf.fermer()
    rendu = guichet("coffre", "purger", "--profil", str(profil))
    assert "copies : 1" in rendu.stdout, rendu.stderr
    assert "Rien n'a été modifié" in rendu.stdout
    assert "copies : 1" in guichet("coffre", "purger", "--profil", str(profil), "--appliquer").stdout
    assert "copies : 0" in guichet("coffre", "purger", "--profil", str(profil)).stdout
    assert not [f for f in (profil / "fichiers").rglob("*") if f.is_file()]
