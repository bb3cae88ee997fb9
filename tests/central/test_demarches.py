"""What the centre makes of a démarche filled in at a counter: received if it is one of ours, refused in words otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from guichet.central.fil import Ecrit, inscrire
from guichet.models import Demarche, Document, Dossier, Piece, uuid7
from tests.central.test_centre import CAF, Poste

FS = "hotesse.fs"
REMPLIE = {"titulaire": "Camille Exemple", "iban": "FR1420041010050500013M02606"}


@pytest.fixture
def deposer(client, base):
    def envoyer(login=CAF, formulaire="banque", champs=None, dossier=None, **autres):
        poste = Poste(client, base, login)
        portee = poste.portee("site")
        with base.lecture(portee) as connexion:
            connu = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee).limit(1))
        contenu = {"formulaire": formulaire, "champs": REMPLIE if champs is None else champs}
        valeurs = {
            "dossier_id": dossier or connu, "libelle": "à la main", "famille": "x", "etat": "traitee", "deposee_le": date.today().isoformat(),
            "contenu": contenu,
        }  # fmt: skip
        return portee, poste.faire(portee, "demarche", valeurs | autres)

    return envoyer


def test_it_is_received_under_the_words_of_its_form(base, deposer):
    portee, verdict = deposer()
    assert verdict["st"] == "applied"
    with base.lecture(portee) as connexion:
        d = connexion.execute(select(Demarche.__table__).where(Demarche.scope_id == portee, Demarche.id == verdict["id"])).one()
    assert (d.libelle, d.famille, d.etat) == ("Changement de compte bancaire", "autres", "recue"), (
        "the centre does not take the counter's word"
    )
    assert d.contenu["champs"] == REMPLIE


@pytest.mark.parametrize(
    "faute",
    [
        {"formulaire": "inconnu"}, {"champs": {}}, {"champs": {"titulaire": "x"}}, {"champs": REMPLIE | {"de_trop": "x"}}, {"champs": ["x"]},
        {"champs": REMPLIE | {"titulaire": 5}}, {"deposee_le": (date.today() + timedelta(days=40)).isoformat()}, {"contenu": None},
    ],
    ids=["no such form", "empty", "incomplete", "a field too many", "not fields", "not a text", "of the future", "nothing"],
)  # fmt: skip
def test_what_is_not_its_form_is_refused(base, deposer, faute):
    portee, verdict = deposer(**faute)
    assert verdict["st"] in ("refused", "rejected", "parked")
    with base.lecture(portee) as connexion:
        assert connexion.execute(select(Demarche.id).where(Demarche.scope_id == portee, Demarche.id == verdict["id"])).first() is None


def test_an_unknown_dossier_waits_on_the_workstation(deposer):
    assert deposer(dossier="0" * 36)[1]["st"] == "missing"


def test_no_bank_account_where_none_may_be_held(deposer):
    assert deposer(login=FS)[1]["st"] == "forbidden"
    assert deposer(login=FS, formulaire="mail", champs={"objet": "Une question", "message": "Bonjour"})[1]["st"] == "applied"


@pytest.mark.exigence("AUT-12")
def test_a_closed_dossier_takes_letters_and_nothing_else(client, base, deposer):
    """AUT-12, whatever a workstation that was away believes."""
    portee, verdict = deposer()
    assert verdict["st"] == "applied"
    with base.lecture(portee) as connexion:
        dossier = connexion.execute(select(Dossier.__table__).where(Dossier.scope_id == portee).limit(1)).mappings().one()
    fermee = Ecrit("dossier", dossier["id"], dict(dossier) | {"ferme_le": date.today()})
    base.ecrire(lambda connexion: inscrire(connexion, portee, [fermee]), portee)
    refus = deposer(dossier=dossier["id"])[1]
    assert refus["st"] == "refused"
    assert "fermé" in refus["detail"]
    hier = (date.today() - timedelta(days=1)).isoformat()
    assert deposer(dossier=dossier["id"], deposee_le=hier)[1]["st"] == "applied", "it was open when the person was there, the line was down"
    mail = {"objet": "Mon ancien dossier", "message": "Bonjour"}
    assert deposer(dossier=dossier["id"], formulaire="mail", champs=mail)[1]["st"] == "applied"
    papier = {
        "dossier_id": dossier["id"], "type_piece": "autre", "nom": "x", "sha256": "0" * 64, "octets": 1, "pages": 1, "etat": "recu",
        "saisi_le": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    poste = Poste(client, base, CAF)
    assert poste.faire(portee, "document", papier)["st"] == "refused"


def test_a_paper_asked_for_takes_a_document_of_its_own_dossier_and_keeps_the_first(client, base):
    caf = Poste(client, base, CAF)
    portee = caf.portee("site")
    with base.lecture(portee) as connexion:
        un, autre = connexion.scalars(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.ferme_le.is_(None)).limit(2)).all()
    piece = uuid7()
    demandee = {"dossier_id": un, "type": "avis_imposition", "demandee_le": date.today(), "document_id": None}
    base.ecrire(lambda c: inscrire(c, portee, [Ecrit("piece", piece, demandee)]), portee)

    def document(dossier):
        id_ = uuid7()
        contenu = {
            "dossier_id": dossier, "visite_id": None, "type_piece": "autre", "nom": "x", "sha256": id_.replace("-", "") * 2, "octets": 9, "pages": 1,
            "etat": "a_envoyer", "saisi_le": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        return id_, {"k": "new", "type": "document", "id": id_, "set": contenu}

    def repondre(id_, *avant, **autres):
        mutation = {"k": "set", "type": "piece", "id": piece, "set": {"document_id": id_} | autres}
        return caf.pousser(portee, caf.operation(portee, *avant, mutation)).json()[0]["st"]

    def tenue():
        with base.lecture(portee) as connexion:
            return connexion.scalar(select(Piece.document_id).where(Piece.scope_id == portee, Piece.id == piece))

    ailleurs, mutation = document(autre)
    assert repondre(ailleurs, mutation) == "forbidden", "a document of another dossier"
    assert repondre("absent") == "forbidden"
    premier, mutation = document(un)
    assert repondre(premier, mutation, type="rib") == "forbidden"
    premier, mutation = document(un)
    assert repondre(premier, mutation) == "applied"
    second, mutation = document(un)
    assert repondre(second, mutation) == "applied", "kept, though it comes after"
    assert tenue() == premier
    with base.lecture(portee) as connexion:
        assert connexion.scalar(select(Document.id).where(Document.scope_id == portee, Document.id == second)) == second
