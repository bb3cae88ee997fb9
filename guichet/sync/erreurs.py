"""Why the centre did not answer as it should: the words the status line shows; nothing is lost in any case."""

from datetime import datetime


class Injoignable(Exception):
    """The exchange did not happen; it will be tried again after `reessayer` seconds."""

    texte = "Hors ligne : le centre ne répond pas. Votre travail est gardé et partira au retour du réseau."

    def __init__(self, reessayer: float = 0) -> None:
        super().__init__(self.texte)
        self.reessayer = reessayer


class PortailCaptif(Injoignable):
    """Something between us and the centre answered a web page."""

    texte = "Le réseau demande une connexion : une page web répond à la place du centre. Ouvrez le navigateur pour vous y identifier."


class CertificatRefuse(Injoignable):
    """The centre's certificate is not trusted: its name, its date or ours."""

    texte = (
        "Le certificat du centre n'est pas reconnu. Vérifiez la date et l'heure du poste, puis appelez l'assistance ; rien n'a été envoyé."
    )


class CertificatPerime(CertificatRefuse):
    """The centre's certificate is out of its dates, as this workstation's clock has it."""

    texte = (
        "Le certificat du centre n'est pas valable à la date de ce poste ({0}). Si cette date est fausse, mettez le poste à l'heure ; "
        "sinon appelez l'assistance. Rien n'a été envoyé."
    )

    def __init__(self) -> None:
        super().__init__()
        self.args = (self.texte.format(f"{datetime.now():%d/%m/%Y à %H:%M}"),)


class ProxyRefuse(Injoignable):
    """The proxy of the network does not let us through."""

    texte = (
        "Le serveur mandataire (proxy) du réseau refuse la connexion au centre. Votre travail est gardé ; "
        "demandez au service informatique d'autoriser l'adresse du centre."
    )


class CentreEnPanne(Injoignable):
    """The centre answered that it is broken."""

    texte = "Le centre est en panne. Votre travail est gardé et sera envoyé dès son retour."


class SansReponse(Injoignable):
    """The centre took the request and did not answer it in time."""


class CentreIncoherent(Injoignable):
    """What the centre gives does not add up to what it says, even read again from the start."""

    texte = "Les données reçues ne s'accordent pas avec celles du centre. Votre travail est gardé ; appelez l'assistance (page Diagnostic)."


class CentreOccupe(Injoignable):
    """The centre asks to wait."""

    texte = "Le centre est très demandé : l'envoi reprendra dans un instant."


class SessionExpiree(Injoignable):
    """The token is no longer accepted."""

    texte = "La connexion a expiré : reconnectez-vous pour envoyer. Votre travail est gardé sur ce poste."


class ConnexionRefusee(Injoignable):
    """The browser came back without what lets one in, or from elsewhere."""

    texte = "Le centre n'a pas accepté cette connexion : recommencez. Rien n'a été modifié sur ce poste."


class ConnexionAbandonnee(Injoignable):
    """Nobody came back from the browser."""

    texte = "La connexion n'a pas été terminée dans le navigateur. Rien n'a été modifié : recommencez quand vous voulez."


class VersionRefusee(Injoignable):
    """The centre no longer speaks to this version."""

    texte = "Cette version de Guichet n'est pas acceptée par le centre : mettez l'application à jour. Votre travail est gardé."


class ReponseRefusee(Exception):
    """The centre refused one request for a reason of its own; `code` is stable, `detail` is French."""

    def __init__(self, statut: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.statut, self.code, self.detail = statut, code, detail


class Interrompu(Exception):
    """A person stopped the pass, or the window is closing: it ends between two exchanges, nothing half done."""

    def __init__(self) -> None:
        super().__init__("Synchronisation arrêtée : ce qui a été reçu est gardé, la prochaine ouverture reprendra de là.")
