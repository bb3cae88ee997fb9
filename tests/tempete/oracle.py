"""What must be true once the storm is over."""

from collections import Counter

from sqlalchemy import text

from guichet.contract.corps import empreinte, encoder, lire
from guichet.models import ENTITES

REVISABLES = ("contact", "iban")


def juger_centre(connexion) -> list[str]:
    """Heads, digests and slots of the centre."""
    fautes = []
    for tete in connexion.execute(text("SELECT * FROM scope_head")).all():
        lignes = connexion.execute(
            text("SELECT id, rev, seq, deleted, h, body FROM sync_row WHERE scope_id = :p"), {"p": tete.scope_id}
        ).all()
        digest, vives = 0, 0
        for x in lignes:
            if not x.deleted:
                digest, vives = digest ^ x.h, vives + 1
                if x.h != empreinte(x.id, x.rev, bytes(x.body)):
                    fautes.append(f"hash of {x.id} is wrong at the centre")
        if (digest, vives) != (tete.digest, tete.live):
            fautes.append(f"sums of {tete.scope_id} are wrong at the centre")
        if len({x.seq for x in lignes}) != len(lignes) or max((x.seq for x in lignes), default=0) > tete.last:
            fautes.append(f"sequence of {tete.scope_id} is broken")
    doubles = connexion.execute(
        text("SELECT creneau_id FROM rendez_vous WHERE etat = 'confirme' GROUP BY creneau_id HAVING count(*) > 1")
    ).all()
    return [*fautes, *(f"slot {x.creneau_id} booked twice" for x in doubles)]


def juger_poste(nom: str, local, central, droits: set[str], differes: bool) -> list[str]:
    """One workstation against the centre, row by row and field by field."""
    fautes = []
    attente = local.execute(text("SELECT libelle, count(*) FROM sortie WHERE etat IN ('en_attente', 'envoi') GROUP BY libelle")).all()
    if attente and not differes:
        fautes.append(f"{nom}: not sent {[tuple(x) for x in attente]}")
    suivies = set(local.execute(text("SELECT scope_id FROM curseur")).scalars())
    if suivies != droits:
        fautes.append(f"{nom}: follows {sorted(suivies)}, holds {sorted(droits)}")
    for table in ("ligne", *ENTITES):
        restes = set(local.execute(text(f"SELECT DISTINCT scope_id FROM {table}")).scalars()) - droits
        if restes:
            fautes.append(f"{nom}: {table} keeps rows of {restes}")
    for portee in suivies & droits:
        fautes += _comparer(nom, portee, local, central)
    return fautes


def _comparer(nom: str, portee: str, local, central) -> list[str]:
    p = {"p": portee}
    ici = {x.id: x for x in local.execute(text("SELECT * FROM ligne WHERE scope_id = :p"), p)}
    la = {x.id: x for x in central.execute(text("SELECT * FROM sync_row WHERE scope_id = :p AND NOT deleted"), p)}
    if ici.keys() != la.keys():
        return [f"{nom}/{portee}: lacks {len(la.keys() - ici.keys())}, has {len(ici.keys() - la.keys())} too many"]
    fautes = [f"{nom}/{portee}: {i} rev {ici[i].rev}, centre {la[i].rev}" for i in ici if (ici[i].rev, ici[i].h) != (la[i].rev, la[i].h)]
    for type_ in {x.etype for x in la.values()} - {"journal"}:
        table = ENTITES[type_].__table__
        vues = {x["id"]: encoder(type_, x) for x in local.execute(table.select().where(table.c.scope_id == portee)).mappings()}
        attendues = {i: _normal(type_, bytes(x.body)) for i, x in la.items() if x.etype == type_}
        ecarts = [i for i in attendues if vues.get(i) != attendues[i]]
        fautes += [f"{nom}/{portee}: {type_} {i} shows {vues.get(i)!r}, centre {attendues[i]!r}" for i in ecarts[:3]]
    return fautes


def _normal(type_: str, corps: bytes) -> bytes:
    import msgspec

    return encoder(type_, lire(type_, msgspec.json.decode(corps)))


def juger_actes(registre, central, retenus, restaure: bool) -> list[str]:
    """Each act exactly once, or kept whole where somebody sees it. `retenus`: opids that a workstation shows as refused, with content."""
    etats = dict(central.execute(text("SELECT opid, json_extract(result, '$.st') FROM applied")).all())
    gardees = set(central.execute(text("SELECT id FROM quarantine WHERE why <> 'trou déclaré par le poste'")).scalars())
    ecrits = Counter(central.execute(text("SELECT opid FROM historique")).scalars())
    journaux = set(central.execute(text("SELECT id FROM journal")).scalars())
    rdv = dict(central.execute(text("SELECT id, etat FROM rendez_vous")).all())
    fautes = []
    for opid, (_portee, sorte, cible, promis) in registre.items():
        st = etats.get(opid)
        if st is None and opid not in gardees:
            fautes.append(f"LOST {sorte} {opid}")
        elif st in ("parked", "forbidden") and opid not in gardees:
            fautes.append(f"LOST in quarantine: {sorte} {opid}")
        elif st not in (None, "applied", "slot_lost", "parked", "forbidden") and opid not in retenus | gardees:
            fautes.append(f"LOST refusal {st} of {sorte} {opid}: nobody sees it")
        if sorte in REVISABLES and ecrits[opid] != (st == "applied"):
            fautes.append(f"{sorte} {opid} executed {ecrits[opid]} times, verdict {st}")
        if sorte == "journal" and (cible in journaux) != (st == "applied"):
            fautes.append(f"journal {opid}: verdict {st}, row {cible in journaux}")
        if promis and not restaure and opid not in gardees and rdv.get(cible) not in ("confirme", "annule"):
            fautes.append(f"promise {cible} broken: {rdv.get(cible)}")
    trous = central.execute(text("SELECT count(*) FROM quarantine WHERE why = 'trou déclaré par le poste'")).scalar()
    if trous and not restaure:
        fautes.append(f"{trous} holes declared without a restore")
    return fautes
