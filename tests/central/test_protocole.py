"""The rest of the protocol through its HTTP doors, on SQLite and on PostgreSQL (design/sync.md §4 to §8)."""

import struct
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
import zstandard
from litestar.testing import TestClient
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey
from sqlalchemy import func, select, update

from guichet.central import instantanes
from guichet.central.entretien import passer, purger_tombes
from guichet.central.fichiers import Fichiers
from guichet.central.fil import Ecrit, inscrire, lire_entite
from guichet.central.services.appareils import cle_scellement
from guichet.central.tables import historique, quarantine, reglage, scope_head, sync_row
from guichet.contract.corps import empreinte, empreinte_curseurs, par_seau
from guichet.contract.limites import LOT_OCTETS, SCHEMA
from guichet.contract.sync import PartInstantane
from guichet.models import Avis, Contact, Creneau, Dossier, Habilitation, Journal, RendezVous, uuid7
from tests.applications import application
from tests.central.test_centre import BAILLEUR, CAF, Poste, _creneau_libre, _rdv, _un

AGENDA = "agenda:caf-31"


@pytest.fixture
def client(base, tmp_path):
    with TestClient(application(base, tmp_path / "pieces")) as ouvert:
        yield ouvert


@pytest.fixture
def caf(client, base):
    return Poste(client, base, CAF)


@pytest.fixture
def autre(client, base):
    """Another desk of the same agenda and, for the first, of the same site."""
    return Poste(client, base, CAF)


def _curseurs(poste):
    etats = poste.bonjour().json()
    return etats["restauration"], [
        (e["portee"], e["epoque"], e.get("tete", 0), e.get("digest", 0), e.get("vivantes", 0)) for e in etats["portees"]
    ]


def _valeurs(portee, base, classe):
    with base.lecture() as connexion:
        return dict(connexion.execute(select(classe.__table__).where(classe.scope_id == portee).limit(1)).mappings().one())


def _ecrire(base, portee, *ecrits):
    with base.ecriture() as connexion:
        inscrire(connexion, portee, ecrits)


# ---- enrolment


def test_a_workstation_enrols_once_and_another_key_is_refused(caf):
    assert caf.enroler().status_code == 200
    assert caf.enroler(SigningKey.generate()).status_code == 409


def test_a_workstation_that_is_not_enrolled_is_not_heard(caf):
    portee = caf.portee("user")
    caf.appareil = uuid7()
    assert caf.bonjour().json()["code"] == "appareil_inconnu"
    assert caf.pousser(portee).json()["code"] == "appareil_inconnu"


def test_a_key_that_is_not_held_does_not_enrol(client, caf):
    corps = {"appareil": uuid7(), "cle": b64encode(b"k" * 32).decode(), "preuve": b64encode(b"p" * 64).decode()}
    assert client.post("/v1/devices", json=corps, headers=caf.entetes).status_code == 400


# ---- hello


def test_a_workstation_in_step_is_told_so_without_a_word(base, caf):
    trace = empreinte_curseurs(*_curseurs(caf))
    reponse = caf.bonjour(empreinte=trace)
    assert (reponse.status_code, reponse.content) == (204, b"")
    portee = caf.portee("site")
    contact = _valeurs(portee, base, Contact)
    _ecrire(base, portee, Ecrit("contact", contact["id"], contact | {"valeur": "x"}))
    assert caf.bonjour(empreinte=trace).status_code == 200


@pytest.mark.parametrize(("schema", "statut"), [(SCHEMA - 2, 200), (SCHEMA, 200), (SCHEMA + 1, 426), (SCHEMA - 3, 426)])
def test_two_earlier_schemas_are_accepted_and_no_other(caf, schema, statut):
    assert caf.bonjour(schema=schema).status_code == statut


# ---- pull


def _page(reponse):
    assert reponse.status_code == 200, reponse.text
    brut = zstandard.ZstdDecompressor().decompress(reponse.content, max_output_size=1 << 28).split(b"\n")
    return msgspec.json.decode(brut[0]), [msgspec.json.decode(x) for x in brut[1:-1]], msgspec.json.decode(brut[-1])


def test_what_a_device_wrote_comes_back_to_it_without_its_body_and_whole_to_others(caf, autre):
    portee = caf.portee("site")
    tete = caf.portees[portee]["tete"]
    verdict = caf.faire(portee, "visite", _visite())
    assert [x[5]["preuve"] for x in verdict["lignes"]] == ["Carte"]
    corps = {p: _page(p.tirer(portee, tete, appareil=p.appareil))[1][0][5] for p in (caf, autre)}
    assert corps[caf] is None
    assert corps[autre]["preuve"] == "Carte"
    assert _page(caf.tirer(portee, 0, appareil=caf.appareil))[1][-1][5] is not None


def _visite():
    return {"agent_id": "", "qualite": "allocataire", "preuve": "Carte", "ouverte_le": datetime.now(UTC).isoformat()}


def test_a_cursor_below_the_floor_reads_again_and_a_walk_under_way_goes_on(base, caf):
    portee = caf.portee("site")
    contact = _valeurs(portee, base, Contact)
    _ecrire(base, portee, Ecrit("contact", contact["id"], None))
    tete = caf.portees[portee]["tete"]
    with base.ecriture() as connexion:
        assert purger_tombes(connexion, portee, datetime.now(UTC) + timedelta(seconds=1)) == 1
        assert connexion.scalar(select(scope_head.c.floor).where(scope_head.c.scope_id == portee)) == tete + 1
    assert caf.tirer(portee, tete).json()["code"] == "a_relire"
    assert caf.tirer(portee, tete, depart=tete).json()["code"] == "a_relire"
    assert caf.tirer(portee, tete, depart=tete + 1).status_code == 200
    assert caf.tirer(portee, 0).status_code == 200


def test_a_partial_walk_reads_some_types_only(caf):
    _, lignes, _ = _page(caf.tirer(caf.portee("site"), types="contact,foyer"))
    assert {x[0] for x in lignes} == {"contact", "foyer"}


def test_buckets_add_up_to_the_digest_and_are_read_alone(client, caf):
    portee = caf.portee("site")
    params = {"portee": portee, "epoque": caf.portees[portee]["epoque"]}
    seaux = client.get("/v1/sync/check", params=params, headers=caf.entetes).json()["seaux"]
    lignes, fin = caf.lignes(portee)
    ids = [(msgspec.json.decode(x[1]), empreinte(msgspec.json.decode(x[1]), msgspec.json.decode(x[2]), bytes(x[5]))) for x in lignes]
    assert seaux == par_seau(ids)
    total = 0
    for s in seaux:
        total ^= s
    assert total == fin["digest"]
    plein = next(n for n, s in enumerate(seaux) if s)
    _, lues, _ = _page(caf.tirer(portee, seaux=str(plein)))
    assert lues
    assert par_seau((x[1], h) for x in lues for i, h in ids if i == x[1])[plein] == seaux[plein]


# ---- snapshots


@pytest.fixture
def instantane(base, caf, monkeypatch):
    monkeypatch.setattr(instantanes, "LIGNES_AU_MOINS", 10)
    monkeypatch.setattr(instantanes, "INSTANTANE_LIGNES", 500)
    portee = caf.portee("site")
    assert instantanes.entretenir(base, portee)
    assert not instantanes.entretenir(base, portee)
    return portee, next(p for p in caf.bonjour().json()["portees"] if p["portee"] == portee)["instantane"]


def test_a_snapshot_gives_every_row_back_to_the_byte(client, caf, instantane):
    portee, i = instantane
    digest, vues = 0, 0
    for n in range(i["parts"]):
        reponse = client.get(f"/v1/sync/snapshot/{i['id']}/{n}", params={"portee": portee}, headers=caf.entetes)
        part = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(reponse.content), type=PartInstantane)
        assert part.brutes == []
        for g in part.groupes:
            dites = struct.unpack(f"<{len(g.ids)}q", g.empreintes)
            for rang, (id_, rev) in enumerate(zip(g.ids, g.revs, strict=True)):
                corps = {c: v[rang] for c, v in zip(g.champs, g.colonnes, strict=True) if v[rang] is not None}
                assert dites[rang] == empreinte(id_, rev, msgspec.json.encode(corps))
                digest ^= dites[rang]
                vues += 1
    _, fin = caf.lignes(portee)
    assert (digest, vues) == (fin["digest"], fin["vivantes"])
    assert i["parts"] > 1


def test_a_part_of_a_snapshot_is_read_by_ranges_and_never_twice(client, caf, instantane):
    portee, i = instantane
    chemin, params = f"/v1/sync/snapshot/{i['id']}/0", {"portee": portee}
    entier = client.get(chemin, params=params, headers=caf.entetes)
    reste = client.get(chemin, params=params, headers=caf.entetes | {"Range": "bytes=100-", "If-Range": entier.headers["etag"]})
    assert (reste.status_code, reste.content) == (206, entier.content[100:])
    assert client.get(chemin, params=params, headers=caf.entetes | {"If-None-Match": entier.headers["etag"]}).status_code == 304
    assert client.get(chemin, params=params, headers=caf.entetes | {"Range": f"bytes={len(entier.content)}-"}).status_code == 416


def test_a_snapshot_of_another_epoch_or_below_the_floor_is_not_offered(base, caf, instantane):
    portee, i = instantane
    with base.ecriture() as connexion:
        connexion.execute(update(scope_head).where(scope_head.c.scope_id == portee).values(floor=i["seq"] + 1, last=i["seq"] + 1))
        assert instantanes.a_jour(connexion, portee) is None
        connexion.execute(update(scope_head).where(scope_head.c.scope_id == portee).values(floor=0, epoch=uuid7()))
        assert instantanes.a_jour(connexion, portee) is None


def test_the_caretaker_works_once_a_minute_whatever_the_replicas(base, monkeypatch, tmp_path):
    monkeypatch.setattr(instantanes, "LIGNES_AU_MOINS", 100)
    faits = []
    monkeypatch.setattr(instantanes, "entretenir", lambda _, p: faits.append(p))
    passer(base, Fichiers(tmp_path))
    premiers = len(faits)
    passer(base, Fichiers(tmp_path))
    assert premiers == len(faits) > 3


# ---- lane


def _contact(base, poste):
    return _valeurs(poste.portee("site"), base, Contact)


def test_an_operation_of_a_later_version_or_set_aside_or_too_heavy_is_kept_whole(base, caf):
    portee = caf.portee("user")
    trace = {"le": datetime.now(UTC).isoformat(), "action": "x", "objet": "y"}
    etrange = caf.operation(portee, {"k": "new", "type": "journal", "id": uuid7(), "set": trace}) | {"v": SCHEMA + 1}
    ecartee = caf.operation(portee, {"k": "new", "type": "journal", "id": uuid7(), "set": trace}) | {"a_part": True}
    lourde = caf.operation(portee, {"k": "new", "type": "journal", "id": uuid7(), "set": trace | {"objet": "z" * (LOT_OCTETS + 100_000)}})
    assert [caf.pousser(portee, o).json()[0]["st"] for o in (etrange, ecartee, lourde)] == ["parked"] * 3
    with base.lecture() as connexion:
        gardees = {x.id: x.operation for x in connexion.execute(select(quarantine))}
    assert {o["opid"] for o in (etrange, ecartee, lourde)} == gardees.keys()
    assert len(gardees[lourde["opid"]]["muts"][0]["set"]["objet"]) > LOT_OCTETS
    assert caf.faire(portee, "journal", trace)["st"] == "applied"


def test_what_the_database_refuses_is_set_aside_alone_and_its_neighbours_pass(base, caf):
    portee, contact = caf.portee("site"), _contact(base, caf)
    fait = {"k": "set", "type": "contact", "id": contact["id"]}
    visite = {
        "k": "new",
        "type": "visite",
        "id": uuid7(),
        "set": {"qualite": "titulaire", "preuve": "cni", "ouverte_le": datetime.now(UTC).isoformat()},
    }
    lot = [
        caf.operation(portee, fait | {"set": {"valeur": "+33600000001"}, "was": {"valeur": contact["valeur"]}}),
        caf.operation(portee, visite | {"id": uuid7(), "set": visite["set"] | {"preuve": {"non": "texte"}}}),
        caf.operation(portee, visite),
        caf.operation(portee, visite),
        caf.operation(portee, fait | {"set": {"valeur": "+33600000002"}, "was": {"valeur": "+33600000001"}}),
    ]
    assert [v["st"] for v in caf.pousser(portee, *lot).json()] == ["applied", "parked", "applied", "conflict", "applied"]
    assert [v["st"] for v in caf.pousser(portee, *lot).json()] == ["applied", "parked", "applied", "conflict", "applied"]
    with base.lecture() as connexion:
        assert lire_entite(connexion, "contact", portee, contact["id"])["valeur"] == "+33600000002"
        assert lire_entite(connexion, "visite", portee, visite["id"]) is not None
        assert connexion.scalars(select(quarantine.c.id)).all() == [lot[1]["opid"]]


def test_a_hole_that_a_device_declares_is_audited(base, caf):
    portee = caf.portee("user")
    operation = caf.operation(
        portee, {"k": "new", "type": "journal", "id": uuid7(), "set": {"le": datetime.now(UTC).isoformat(), "action": "x", "objet": ""}}
    )
    operation["lseq"] = 8
    trou = caf.pousser(portee, operation).json()[0]
    assert (trou["st"], trou.get("couloir", 0)) == ("gap", 0)
    assert caf.pousser(portee, operation, base=7).json()[0]["st"] == "applied"
    assert _un(base, select(quarantine.c.operation)) == {"de": 1, "a": 7}


def test_work_for_a_scope_that_was_taken_away_goes_to_quarantine(base, caf, client):
    portee = caf.portee("site")
    assert caf.faire(portee, "visite", _visite())["st"] == "applied"
    with base.ecriture() as connexion:
        ligne = connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == portee)).mappings().first()
        inscrire(connexion, ligne["scope_id"], [Ecrit("habilitation", ligne["id"], dict(ligne) | {"au": ligne["du"]})])
    verdict = caf.faire(portee, "visite", _visite())
    assert verdict["st"] == "forbidden"
    assert "lignes" not in verdict
    assert _un(base, select(quarantine.c.why)) == "interdit"
    jamais_eue = Poste(client, base, BAILLEUR)
    jamais_eue.portees[portee] = caf.portees[portee]
    assert jamais_eue.pousser(portee).status_code == 403


def test_what_was_buried_is_never_born_again(base, caf):
    portee = caf.portee("site")
    contact = _contact(base, caf)
    _ecrire(base, portee, Ecrit("contact", contact["id"], None))
    assert caf.faire(portee, "contact", {"valeur": "06"}, "set", contact["id"])["st"] == "gone"
    visite = caf.faire(portee, "visite", _visite())["id"]
    _ecrire(base, portee, Ecrit("visite", visite, None))
    assert caf.faire(portee, "visite", _visite(), id_=visite)["st"] == "conflict"


def test_one_batch_publishes_each_row_once_and_the_head_is_the_last_number(base, caf):
    portee, contact = caf.portee("site"), _contact(base, caf)
    operations = [
        caf.operation(portee, {"k": "set", "type": "contact", "id": contact["id"], "set": {"valeur": f"06{n}"}, "was": {"valeur": "?"}})
        for n in range(3)
    ]
    assert [v["st"] for v in caf.pousser(portee, *operations).json()] == ["applied"] * 3
    with base.lecture() as connexion:
        assert connexion.scalar(select(sync_row.c.rev).where(sync_row.c.scope_id == portee, sync_row.c.id == contact["id"])) == 2
        assert connexion.scalar(select(func.max(sync_row.c.seq)).where(sync_row.c.scope_id == portee)) == connexion.scalar(
            select(scope_head.c.last).where(scope_head.c.scope_id == portee)
        )
        assert connexion.scalar(select(func.count()).select_from(historique)) == 3
        assert lire_entite(connexion, "contact", portee, contact["id"])["valeur"] == "062"


# ---- conflicts


def test_contact_fields_merge_the_last_to_arrive_wins_and_the_other_author_is_told(base, client, caf):
    portee, contact = caf.portee("site"), _contact(base, caf)
    with base.ecriture() as connexion:
        hab = dict(connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == portee)).mappings().first())
    second = Poste(client, base, "hotesse.fs")
    _ecrire(base, "user:hotesse.fs", Ecrit("habilitation", uuid7(), hab | {"scope_id": "user:hotesse.fs", "agent_id": second.agent.id}))
    second.portees = {p["portee"]: p for p in second.bonjour().json()["portees"]}
    avant = {"valeur": contact["valeur"], "commune": contact["commune"]}
    for poste, change in ((caf, {"valeur": "A"}), (second, {"valeur": "B"}), (second, {"commune": "C"})):
        mutation = {"k": "set", "type": "contact", "id": contact["id"], "set": change, "was": {k: avant[k] for k in change}}
        assert poste.pousser(portee, poste.operation(portee, mutation)).json()[0]["st"] == "applied"
    with base.lecture() as connexion:
        lu = lire_entite(connexion, "contact", portee, contact["id"])
        avis = connexion.execute(select(Avis.__table__)).mappings().one()
    assert (lu["valeur"], lu["commune"]) == ("B", "C")
    assert (avis["agent_id"], avis["champ"], avis["avant"], avis["apres"]) == (caf.agent.id, "valeur", "A", "B")
    assert avis["auteur"]
    assert caf.faire(portee, "avis", {"lu_le": datetime.now(UTC).isoformat()}, "set", avis["id"])["st"] == "applied"
    assert second.faire(portee, "avis", {"lu_le": datetime.now(UTC).isoformat()}, "set", avis["id"])["st"] == "forbidden"


def test_an_iban_that_changed_meanwhile_is_refused_with_both_values_author_and_date(base, caf, autre):
    portee = caf.portee("site")
    dossier = _valeurs(portee, base, Dossier)
    mutations = [
        {"k": "set", "type": "dossier", "id": dossier["id"], "set": {"iban": n}, "was": {"iban": dossier["iban"]}} for n in ("FR1", "FR2")
    ]
    assert caf.pousser(portee, caf.operation(portee, mutations[0])).json()[0]["st"] == "applied"
    refus = autre.pousser(portee, autre.operation(portee, mutations[1])).json()[0]
    assert (refus["st"], refus["champ"], refus["serveur"]) == ("conflict", "iban", {"iban": "FR1"})
    assert refus["auteur"]
    assert datetime.fromisoformat(refus["le"]).date() <= datetime.now(UTC).date()
    assert [x[5]["iban"] for x in refus["lignes"]] == ["FR1"]
    meme = caf.operation(portee, mutations[0])
    assert caf.pousser(portee, meme).json()[0]["st"] == "applied"


def test_fields_that_are_not_a_counter_s_are_refused(base, caf):
    portee = caf.portee("site")
    dossier = _valeurs(portee, base, Dossier)
    assert caf.faire(portee, "dossier", {"numero": "9"}, "set", dossier["id"])["st"] == "forbidden"


# ---- slots


def _posseder(client, poste, *creneaux):
    corps = {"appareil": poste.appareil, "portee": AGENDA, "creneaux": list(creneaux)}
    return client.post("/v1/slots/own", json=corps, headers=poste.entetes)


def _rendre(client, poste, paires, barriere):
    corps = {"appareil": poste.appareil, "portee": AGENDA, "paires": paires, "barriere": barriere}
    return client.post("/v1/slots/release", json=corps, headers=poste.entetes).json()["rendus"]


def test_an_owned_slot_is_closed_to_all_others_and_honoured_even_late(base, client, caf, autre):
    creneau = _creneau_libre(base)
    (accorde,) = _posseder(client, caf, creneau).json()["accordes"]
    assert accorde == [creneau, 1]
    assert _posseder(client, autre, creneau).json()["accordes"] == []
    assert _posseder(client, caf, creneau).json()["accordes"] == [[creneau, 1]]
    assert autre.faire(AGENDA, "rendez_vous", _rdv(creneau))["st"] == "slot_lost"
    assert autre.faire(AGENDA, "rendez_vous", _rdv(creneau) | {"own_no": 1})["st"] == "slot_lost"
    with base.ecriture() as connexion:
        connexion.execute(update(Creneau).where(Creneau.id == creneau).values(own_until=datetime.now(UTC) - timedelta(days=3)))
    assert _posseder(client, autre, creneau).json()["accordes"] == []
    assert caf.faire(AGENDA, "rendez_vous", _rdv(creneau) | {"own_no": 1})["st"] == "applied"


def test_a_slot_is_given_back_only_behind_what_its_owner_wrote(base, client, caf, autre):
    creneau = _creneau_libre(base)
    _posseder(client, caf, creneau)
    assert _rendre(client, caf, [[creneau, 1]], 1) == []
    caf.faire(AGENDA, "rendez_vous", _rdv("ailleurs"))
    assert _rendre(client, caf, [[creneau, 2]], 1) == []
    assert _rendre(client, caf, [[creneau, 1]], 1) == [creneau]
    assert _posseder(client, autre, creneau).json()["accordes"] == [[creneau, 2]]
    assert caf.faire(AGENDA, "rendez_vous", _rdv(creneau) | {"own_no": 1})["st"] == "slot_lost"


def test_a_supervisor_takes_back_the_slots_of_a_dead_device_and_its_booking_is_to_be_placed_again(base, client, caf, autre):
    creneau = _creneau_libre(base)
    _posseder(client, caf, creneau)
    params = {"portee": AGENDA, "appareil": caf.appareil}
    assert client.post("/v1/slots/reprendre", params=params, headers=autre.entetes).status_code == 403
    with base.ecriture() as connexion:
        h = connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == AGENDA, Habilitation.agent_id == autre.agent.id))
        ligne = dict(h.mappings().first())
        inscrire(connexion, ligne["scope_id"], [Ecrit("habilitation", ligne["id"], ligne | {"role": "responsable"})])
    assert client.post("/v1/slots/reprendre", params=params, headers=autre.entetes).json()["rendus"] == [creneau]
    assert _un(base, select(Journal.objet).where(Journal.action == "reprise_creneaux")) == caf.appareil
    late = caf.faire(AGENDA, "rendez_vous", _rdv(creneau) | {"own_no": 1})
    assert late["st"] == "slot_lost"
    assert len(_un(base, select(RendezVous.alternatives).where(RendezVous.id == late["id"]))) == 3


# ---- restore


def test_while_it_recovers_the_centre_defers_what_it_may_get_back_and_books_nothing(base, client, caf):
    portee, creneau = caf.portee("site"), _creneau_libre(base)
    with base.ecriture() as connexion:
        connexion.execute(update(reglage).values(retablissement=True))
    perdue = caf.operation(portee, {"k": "set", "type": "visite", "id": uuid7(), "set": {"fermee_le": datetime.now(UTC).isoformat()}})
    assert caf.pousser(portee, perdue).json()[0]["st"] == "deferred"
    assert _posseder(client, caf, creneau).status_code == 409
    rdv = caf.operation(AGENDA, {"k": "new", "type": "rendez_vous", "id": uuid7(), "set": _rdv(creneau)})
    assert caf.pousser(AGENDA, rdv).json()[0]["st"] == "deferred"
    with base.ecriture() as connexion:
        connexion.execute(update(reglage).values(retablissement=False))
    assert caf.pousser(portee, perdue).json()[0]["st"] == "missing"
    assert caf.pousser(AGENDA, rdv).json()[0]["st"] == "applied"


def test_what_comes_back_sealed_goes_to_quarantine_and_nothing_else_opens(base, client, caf):
    portee = caf.portee("site")
    operation = caf.operation(portee, {"k": "new", "type": "visite", "id": uuid7(), "set": _visite()})
    with base.lecture() as connexion:
        cle = PublicKey(bytes(cle_scellement(connexion).public_key))
    scelle = SealedBox(cle).encrypt(msgspec.json.encode(operation))
    corps = {"appareil": caf.appareil, "portee": portee, "scelles": [b64encode(scelle).decode()]}
    assert client.post("/v1/sync/scelles", json=corps, headers=caf.entetes).status_code == 204
    assert _un(base, select(quarantine.c.operation).where(quarantine.c.id == operation["opid"]))["muts"] == operation["muts"]
    faux = corps | {"scelles": [b64encode(b"x" * 80).decode()]}
    assert client.post("/v1/sync/scelles", json=faux, headers=caf.entetes).status_code == 400


# ---- journal of rights


def test_a_future_right_is_no_right_yet(base, client):
    poste = Poste(client, base, CAF)
    with base.ecriture() as connexion:
        site = poste.portee("site")
        ligne = dict(connexion.execute(select(Habilitation.__table__).where(Habilitation.portee == site)).mappings().first())
        demain = date.today() + timedelta(days=1)
        inscrire(connexion, ligne["scope_id"], [Ecrit("habilitation", ligne["id"], ligne | {"du": demain})])
    assert site not in {p["portee"] for p in poste.bonjour().json()["portees"]}
