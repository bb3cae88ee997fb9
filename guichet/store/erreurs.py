"""Why a profile does not open: each cause has its words, and none changes anything."""


class ErreurCoffre(Exception):
    """A profile that cannot be opened; the text is French and fit to be shown."""


class PhraseFausse(ErreurCoffre):
    """The passphrase does not open this vault."""

    def __init__(self) -> None:
        super().__init__("La phrase de passe n'ouvre pas ce coffre. Rien n'a été modifié : vérifiez les majuscules et réessayez.")


class TropTot(ErreurCoffre):
    """A try too soon after the last failure: it was not counted."""

    def __init__(self, secondes: int) -> None:
        super().__init__(f"Après un échec, il faut attendre avant de réessayer : encore {secondes} s. Rien n'a été modifié.")


class CoffreScelle(ErreurCoffre):
    """Too many failures: the agent's passphrase opens nothing any more; the data are there, for the rescue."""

    def __init__(self) -> None:
        super().__init__(
            "Après trop d'échecs, la phrase de passe n'ouvre plus ce coffre. Vos données sont là, intactes : "
            "l'assistance de votre organisme peut vous le rouvrir avec une nouvelle phrase."
        )


class PosteInconnu(ErreurCoffre):
    """The keyring does not have this vault's secret: a copied folder, another user, or a keyring made anew."""

    def __init__(self) -> None:
        super().__init__(
            "Le trousseau de ce poste n'a pas le secret de ce coffre : il a été copié d'ailleurs, ou le trousseau a été refait. "
            "Ouvrez le trousseau et réessayez ; sinon l'assistance de votre organisme peut vous rouvrir le coffre, vos données sont intactes."
        )


class FenetrePassee(ErreurCoffre):
    """The centre has not recognised this agent for too long: the vault stays closed, whole, until he signs in again."""

    def __init__(self, heures: int) -> None:
        super().__init__(
            f"Ce poste n'a pas rejoint le centre depuis plus de {heures} heures : le coffre reste fermé, intact. "
            "Connectez-vous au centre, puis rouvrez-le ; ce qui n'est pas parti partira."
        )


class PhraseFaible(ErreurCoffre):
    """The passphrase chosen for a vault could be guessed by who steals the workstation."""

    def __init__(self) -> None:
        super().__init__(
            "Cette phrase de passe se devine trop vite. Allongez-la : quatre ou cinq mots sans lien entre eux suffisent. Rien n'a été créé."
        )


class CodeFaible(ErreurCoffre):
    """A screen code too short, or that anybody would try first."""

    def __init__(self, chiffres: int) -> None:
        super().__init__(f"Choisissez au moins {chiffres} chiffres, qui ne se suivent pas et ne sont pas tous les mêmes.")


class CodeFaux(ErreurCoffre):
    """Not the screen's code."""

    def __init__(self, reste: int) -> None:
        super().__init__(f"Ce n'est pas le code. Essais restants : {reste} ; ensuite, la phrase de passe sera demandée.")


class CodeOublie(ErreurCoffre):
    """The code serves no more, or there is none."""

    def __init__(self) -> None:
        super().__init__("Donnez la phrase de passe de votre coffre : le code ne sert plus tant que le poste est verrouillé.")


class SecoursRefuse(ErreurCoffre):
    """What support gave back does not open this vault."""

    def __init__(self) -> None:
        super().__init__("Cette réponse n'est pas celle que ce coffre a demandée. Rien n'a été modifié : refaites une demande.")


class SansSecours(ErreurCoffre):
    """The vault was never enrolled: nobody else can open it."""

    def __init__(self) -> None:
        super().__init__("Ce coffre n'a jamais été synchronisé : seule sa phrase de passe l'ouvre. Rien n'a été modifié.")


class ProfilOccupe(ErreurCoffre):
    """Another process holds the profile."""

    def __init__(self) -> None:
        super().__init__("Ce profil est déjà ouvert dans une autre fenêtre. Fermez-la, ou reprenez votre travail là-bas.")


class CoffreAbime(ErreurCoffre):
    """The database is damaged or missing: it can be repaired (store.reparation)."""

    def __init__(self) -> None:
        super().__init__(
            "Le coffre de ce profil est abîmé ou incomplet. Rien n'a été modifié. La réparation le met de côté, entier, "
            "et en refait un avec tout ce qui peut encore être lu ; le reste revient du centre."
        )


class CleAbimee(ErreurCoffre):
    """The key file is damaged or missing: without it nothing opens the database."""

    def __init__(self) -> None:
        super().__init__(
            "Le fichier de clé de ce profil est abîmé ou absent. Rien n'a été modifié : "
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


class CoffreFerme(ErreurCoffre):
    """The vault was shut while something was still being asked of it."""

    def __init__(self) -> None:
        super().__init__("Le coffre est fermé : déverrouillez le poste. Rien n'est perdu.")


class CoffreAutrui(ErreurCoffre):
    """The vault belongs to another agent."""

    def __init__(self) -> None:
        super().__init__("Ce coffre est celui d'un autre agent. Choisissez votre profil ; rien n'a été modifié.")
