"""Why a profile does not open: each cause has its words, and none changes anything."""


class ErreurCoffre(Exception):
    """A profile that cannot be opened; the text is French and fit to be shown."""


class PhraseFausse(ErreurCoffre):
    """The passphrase does not open this vault."""

    def __init__(self) -> None:
        super().__init__("La phrase de passe n'ouvre pas ce coffre. Rien n'a été modifié : vérifiez les majuscules et réessayez.")


class ProfilOccupe(ErreurCoffre):
    """Another process holds the profile."""

    def __init__(self) -> None:
        super().__init__("Ce profil est déjà ouvert dans une autre fenêtre. Fermez-la, ou reprenez votre travail là-bas.")


class CoffreAbime(ErreurCoffre):
    """The database or the key file is damaged or missing."""

    def __init__(self) -> None:
        super().__init__(
            "Le coffre de ce profil est abîmé ou incomplet. Rien n'a été modifié : "
            "mettez le dossier du profil de côté et appelez l'assistance."
        )


class CoffreTropRecent(ErreurCoffre):
    """A newer version of Guichet wrote this vault."""

    def __init__(self) -> None:
        super().__init__("Ce coffre vient d'une version plus récente de Guichet. Mettez l'application à jour ; rien n'a été modifié.")


class DisquePlein(ErreurCoffre):
    """There is no room left to write."""

    def __init__(self) -> None:
        super().__init__(
            "Le disque de ce poste est plein ou ne répond plus : ce geste n'a pas été enregistré, tout ce qui précède l'est. Libérez de la place et recommencez."
        )


class CoffreFige(ErreurCoffre):
    """The database cannot be written: its file, folder or disk is read-only."""

    def __init__(self) -> None:
        super().__init__(
            "Le dossier de ce profil est en lecture seule : rien ne peut y être enregistré. "
            "Rien n'est perdu ; rétablissez le droit d'écriture ou appelez l'assistance."
        )


class CoffreAutrui(ErreurCoffre):
    """The vault belongs to another agent."""

    def __init__(self) -> None:
        super().__init__("Ce coffre est celui d'un autre agent. Choisissez votre profil ; rien n'a été modifié.")
