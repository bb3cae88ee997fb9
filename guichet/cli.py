"""The command line: what IT services script, and what the tests drive."""

import click

from guichet import __version__
from guichet.aide import parler_francais

parler_francais()

_BASE = click.option("--base", required=True, metavar="URL", help="Adresse SQLAlchemy de la base du centre.")


@click.group(context_settings={"help_option_names": ["-h", "--aide", "--help"]})
def main() -> None:
    """Guichet : le poste d'accueil et son centre."""


@main.command()
def version() -> None:
    """Affiche la version."""
    click.echo(f"guichet {__version__}")


@main.group()
def centre() -> None:
    """Le centre : sa base, ses données de démonstration, son service."""


@centre.command()
@_BASE
def migrer(base: str) -> None:
    """Crée la base du centre ou la met à jour."""
    from guichet.commandes import centre as commandes

    commandes.migrer(base)


@centre.command()
@_BASE
@click.option("--dossiers", default=5000, show_default=True, type=click.IntRange(0), help="Nombre de dossiers.")
@click.option("--graine", default=1, show_default=True, help="Même graine et même jour : mêmes données.")
@click.option("--jour", type=click.DateTime(["%Y-%m-%d"]), help="Jour de référence (aujourd'hui par défaut).")
def peupler(base: str, dossiers: int, graine: int, jour: object) -> None:
    """Remplit une base vide de données de démonstration inventées."""
    from guichet.commandes import centre as commandes

    commandes.peupler(base, dossiers, graine, jour)


@centre.command()
@_BASE
@click.option("--adresse", default="127.0.0.1:8470", show_default=True, metavar="HOTE:PORT", help="Port 0 : le premier libre.")
@click.option("--fichiers", type=click.Path(file_okay=False), help="Dossier des pièces (à côté de la base par défaut).")
@click.option("--production", is_flag=True, help="Ferme pour de bon la démonstration de cette base.")
@click.option("--certificat", nargs=2, type=click.Path(exists=True, dir_okay=False), metavar="CERT CLE", help="Sert en HTTPS.")
@click.option("--metriques", metavar="HOTE:PORT", help="Sert aussi les mesures OpenMetrics, sur une adresse que l'extérieur n'atteint pas.")
@click.option("--adresse-publique", "publique", metavar="URL", help="Adresse par laquelle les postes connaissent ce centre.")
@click.option("--identite", type=click.Path(exists=True, dir_okay=False), help="Fichier du fournisseur d'identité (docs/exploitation.md).")
def servir(
    base: str, adresse: str, fichiers: str | None, *, production: bool, certificat: tuple[str, str] | None, metriques: str | None,
    publique: str | None, identite: str | None,
) -> None:  # fmt: skip
    """Sert l'API du centre et fait son entretien (instantanés, purges)."""
    from guichet.commandes import centre as commandes

    commandes.servir(base, adresse, fichiers, certificat, metriques, publique, identite, production=production)


@centre.command()
@_BASE
@click.option("--vers", required=True, type=click.Path(dir_okay=False), help="Fichier de sauvegarde à écrire.")
def sauvegarder(base: str, vers: str) -> None:
    """Copie une base SQLite en service (avec PostgreSQL : pg_dump, voir docs/exploitation.md)."""
    from guichet.commandes import centre as commandes

    commandes.sauvegarder(base, vers)


@centre.command()
@_BASE
@click.option("--terminer", is_flag=True, help="Ferme la fenêtre de rétablissement : les agendas rouvrent.")
def retablir(base: str, *, terminer: bool) -> None:
    """Après la remise en place d'une sauvegarde : ouvre une nouvelle époque, avant que les postes reviennent."""
    from guichet.commandes import centre as commandes

    commandes.retablir(base, terminer=terminer)


@centre.command()
@_BASE
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False))
def assistance(base: str, fichier: str) -> None:
    """Ouvre un envoi chiffré qu'un poste a remis à l'assistance."""
    from guichet.commandes import centre as commandes

    commandes.assistance(base, fichier)


@centre.command()
@_BASE
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False))
@click.option("--vers", required=True, type=click.Path(dir_okay=False), help="Réponse à écrire.")
def secourir(base: str, fichier: str, vers: str) -> None:
    """Rend son coffre à un agent dont vous avez vérifié l'identité (phrase de passe ou trousseau perdu)."""
    from guichet.commandes import centre as commandes

    commandes.secourir(base, fichier, vers)


@centre.command()
@_BASE
@click.option("--agent", metavar="NOM", help="Agent de démonstration à qui donner un jeton.")
@click.option("--liste", is_flag=True, help="Nomme les agents de démonstration.")
@click.option("--heures", default=12.0, show_default=True, help="Durée du jeton.")
@click.option("--json", "en_json", is_flag=True, help="Réponse pour un programme.")
def jeton(base: str, agent: str | None, heures: float, *, liste: bool, en_json: bool) -> None:
    """Donne un jeton de démonstration, pour les scripts."""
    from guichet.commandes import centre as commandes

    commandes.jeton(base, agent, heures, liste=liste, en_json=en_json)


_FICHIERS = click.option("--fichiers", type=click.Path(file_okay=False), help="Dossier des pièces (à côté de la base par défaut).")
_PORTEE = click.option("--portee", required=True, help="Portée du dossier.")
_DOSSIER = click.option("--dossier", required=True, metavar="ID", help="Identifiant du dossier.")


@centre.command()
@_BASE
@_FICHIERS
@click.option("--appliquer", is_flag=True, help="Efface pour de bon ; sans cela, dit seulement ce qui le serait.")
def purger(base: str, fichiers: str | None, *, appliquer: bool) -> None:
    """Efface ce qui a passé sa durée de conservation, famille par famille ; le centre le fait de lui-même chaque jour."""
    from guichet.commandes import centre as commandes

    commandes.purger(base, fichiers, appliquer=appliquer)


@centre.command("exporter")
@_BASE
@_PORTEE
@_DOSSIER
@click.option("--vers", required=True, type=click.Path(dir_okay=False), help="Fichier JSON à écrire.")
def exporter_dossier(base: str, portee: str, dossier: str, vers: str) -> None:
    """Écrit tout ce qui est gardé des personnes d'un dossier (droit d'accès)."""
    from guichet.commandes import centre as commandes

    commandes.exporter(base, portee, dossier, vers)


@centre.command()
@_BASE
@_PORTEE
@_DOSSIER
@_FICHIERS
@click.option("--motif", required=True, help="Pourquoi : reste au journal.")
@click.confirmation_option(prompt="Effacer ce dossier et ses personnes, sans retour ?")
def effacer(base: str, portee: str, dossier: str, fichiers: str | None, motif: str) -> None:
    """Efface un dossier à la demande de sa personne (droit à l'effacement)."""
    from guichet.commandes import centre as commandes

    commandes.effacer(base, portee, dossier, motif, fichiers)


@centre.group()
def compte() -> None:
    """Les comptes des agents : invitation, rattachement au fournisseur d'identité, fermeture."""


_AGENT = click.option("--agent", required=True, metavar="NOM", help="Nom de connexion de l'agent.")


@compte.command()
@_BASE
@_AGENT
@click.option("--adresse-publique", "publique", required=True, metavar="URL", help="Adresse du centre dans le lien.")
def inviter(base: str, agent: str, publique: str) -> None:
    """Affiche le lien par lequel un agent ouvre son compte (mot de passe et code du moment)."""
    from guichet.commandes import centre as commandes

    commandes.inviter(base, agent, publique)


@compte.command()
@_BASE
@_AGENT
@click.option("--emetteur", required=True, metavar="URL", help="Adresse du fournisseur d'identité.")
@click.option("--siret", required=True, help="SIRET de l'organisme chez le fournisseur.")
@click.option("--courriel", required=True, help="Adresse professionnelle de l'agent.")
def attendre(base: str, agent: str, emetteur: str, siret: str, courriel: str) -> None:
    """Dit comment le fournisseur d'identité nommera un agent."""
    from guichet.commandes import centre as commandes

    commandes.attendre(base, agent, emetteur, siret, courriel)


@compte.command()
@_BASE
@_AGENT
def fermer(base: str, agent: str) -> None:
    """Ferme le compte d'un agent et termine ses connexions."""
    from guichet.commandes import centre as commandes

    commandes.fermer_compte(base, agent)


@centre.command("tourner-cle")
@_BASE
def tourner_cle(base: str) -> None:
    """Fait signer les jetons par une nouvelle clé."""
    from guichet.commandes import centre as commandes

    commandes.tourner_cle(base)


@main.group()
def journal() -> None:
    """Le journal des consultations : vérifier que rien n'y manque."""


@journal.command("verifier")
@click.option("--base", metavar="URL", help="Base du centre.")
@click.option("--profil", type=click.Path(file_okay=False), help="Profil d'un poste (phrase de passe dans GUICHET_PHRASE).")
@click.option("--tetes", type=click.Path(exists=True, dir_okay=False), help="Têtes mises à l'abri (guichet journal tetes), à retrouver.")
def verifier_journal(base: str | None, profil: str | None, tetes: str | None) -> None:
    """Relit une chaîne de bout en bout ; code de sortie 4 si elle est rompue."""
    from guichet.commandes import journal as commandes

    commandes.verifier(base, profil, tetes)


@journal.command("tetes")
@_BASE
def tetes_journal(base: str) -> None:
    """Affiche la tête de chaque chaîne, à garder hors de la base."""
    from guichet.commandes import journal as commandes

    commandes.tetes(base)


@main.command()
@click.option("--profil", required=True, type=click.Path(file_okay=False), help="Dossier du profil.")
@click.option("--centre", "url", required=True, metavar="URL", help="Adresse du centre.")
@click.option("--jeton", required=True, help="Jeton de l'agent.")
@click.option("--json", "en_json", is_flag=True, help="Réponse pour un programme.")
def sync(profil: str, url: str, jeton: str, *, en_json: bool) -> None:
    """Synchronise un profil une fois, sans fenêtre (phrase de passe dans GUICHET_PHRASE)."""
    from guichet.commandes import poste

    poste.sync(profil, url, jeton, en_json=en_json)


@main.command()
@click.option("--profil", required=True, type=click.Path(file_okay=False), help="Dossier du profil.")
@click.option("--json", "en_json", is_flag=True, help="Réponse pour un programme.")
def etat(profil: str, *, en_json: bool) -> None:
    """Dit où en est un profil : agent, envois, dernière synchronisation (phrase de passe dans GUICHET_PHRASE)."""
    from guichet.commandes import poste

    poste.etat(profil, en_json=en_json)


@main.group()
def coffre() -> None:
    """Le coffre d'un agent, quand il ne s'ouvre plus."""


@coffre.command("purger")
@click.option("--profil", required=True, type=click.Path(exists=True, file_okay=False), help="Dossier du profil.")
@click.option("--appliquer", is_flag=True, help="Efface pour de bon ; sans cela, dit seulement ce qui le serait.")
def purger_coffre(profil: str, *, appliquer: bool) -> None:
    """Efface ce que ce coffre a gardé le temps voulu (phrase dans GUICHET_PHRASE) ; les synchronisations le font d'elles-mêmes."""
    from guichet.commandes import poste

    poste.purger(profil, appliquer=appliquer)


@coffre.command()
@click.option("--profil", required=True, type=click.Path(exists=True, file_okay=False), help="Dossier du profil.")
def reparer(profil: str) -> None:
    """Met un coffre abîmé de côté et le refait ; dit ce qui manque (phrase dans GUICHET_PHRASE)."""
    from guichet.commandes import poste

    poste.reparer_coffre(profil)


@coffre.command()
@click.option("--profil", required=True, type=click.Path(exists=True, file_okay=False), help="Dossier du profil.")
@click.option("--vers", required=True, type=click.Path(dir_okay=False), help="Demande à écrire, pour l'assistance.")
def demander(profil: str, vers: str) -> None:
    """Prépare une demande de secours : phrase de passe oubliée, trousseau perdu."""
    from guichet.commandes import poste

    poste.demander_secours(profil, vers)


@coffre.command()
@click.option("--profil", required=True, type=click.Path(exists=True, file_okay=False), help="Dossier du profil.")
@click.argument("reponse", type=click.Path(exists=True, dir_okay=False))
def reprendre(profil: str, reponse: str) -> None:
    """Rouvre un coffre avec la réponse de l'assistance (nouvelle phrase dans GUICHET_PHRASE)."""
    from guichet.commandes import poste

    poste.reprendre_coffre(profil, reponse)


@main.command()
@click.argument("entrees", nargs=-1, required=True, metavar="ENTREE...", type=click.Path())
@click.option("-o", "--sortie", required=True, type=click.Path(dir_okay=False), help="PDF à écrire.")
@click.option(
    "--recadrer", default="auto", show_default=True, type=click.Choice(["auto", "oui", "non"]),
    help="Recadre les photos sûres, toutes, ou aucune (« non » laisse les images telles quelles).",
)  # fmt: skip
@click.option(
    "--mode", default="couleur", show_default=True, type=click.Choice(["couleur", "gris", "texte"]), help="« texte » : noir et blanc."
)
@click.option("--texte", is_flag=True, help="Pose sous chaque page ses mots, pour la recherche et la lecture à voix haute.")
@click.option("--pdfa", is_flag=True, help="Écrit un PDF/A-2b ; les pages d'un PDF deviennent des images.")
@click.option("--budget", default=0, metavar="KO", type=click.IntRange(0), help="Taille du PDF à ne pas dépasser, en milliers d'octets.")
@click.option(
    "--rapport", type=click.Path(dir_okay=False), help="Fichier JSON à écrire : un verdict par fichier, ce qui est trouvé par page."
)
def convertir(
    entrees: tuple[str, ...], sortie: str, recadrer: str, mode: str, budget: int, rapport: str | None, *, texte: bool, pdfa: bool
) -> None:
    """Convertit images, PDF et dossiers en un seul PDF propre ; code de sortie 3 si un fichier est refusé, les autres étant convertis.

    Le mot de passe d'un PDF protégé est demandé, ou lu dans GUICHET_MOT_DE_PASSE.
    """
    from guichet.commandes import conversion as commandes

    commandes.convertir(entrees, sortie, recadrer, mode, budget * 1000, rapport, texte=texte, pdfa=pdfa)


@main.command()
@click.option("--centre", "url", metavar="URL", help="Adresse du centre.")
@click.option("--profil", type=click.Path(file_okay=False), help="Dossier du profil.")
def desktop(url: str | None, profil: str | None) -> None:
    """Ouvre la fenêtre."""
    from guichet.app import lancer

    raise SystemExit(lancer(url, profil))


@main.command()
@click.option("--sans-fenetre", is_flag=True, help="Sert la démonstration sans ouvrir de fenêtre.")
@click.option("--dossiers", default=5000, show_default=True, type=click.IntRange(0), help="Nombre de dossiers.")
def demo(dossiers: int, *, sans_fenetre: bool) -> None:
    """Prépare la démonstration, sert son centre et ouvre la fenêtre."""
    from guichet.commandes import demonstration

    raise SystemExit(demonstration.lancer(dossiers, sans_fenetre=sans_fenetre))
