"""SIGKILL at a commit: armed for the n-th from now, just before it or just after."""

import os
import signal

from sqlalchemy import Engine, event


class Mort:
    """Counts the writing commits of an engine, and ends the process at the one that was chosen."""

    def __init__(self, moteur: Engine) -> None:
        self.commits = 0
        self._dans, self._apres, self._mourante = 0, False, False
        event.listen(moteur, "before_cursor_execute", self._commencee)
        event.listen(moteur, "commit", self._avant_commit)
        event.listen(moteur, "rollback", lambda connexion: connexion.info.pop("ecrit", None))
        event.listen(moteur, "checkin", self._rendue)

    def armer(self, dans: int, *, apres: bool) -> None:
        self._dans, self._apres = dans, apres

    def _commencee(self, connexion, _curseur, ordre, *_: object) -> None:
        if ordre == "BEGIN IMMEDIATE":
            connexion.info["ecrit"] = True

    def _avant_commit(self, connexion) -> None:
        if not connexion.info.pop("ecrit", False):
            return
        self.commits += 1
        if self._dans:
            self._dans -= 1
            if self._dans == 0 and self._apres:
                self._mourante = True
            elif self._dans == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def _rendue(self, *_: object) -> None:
        if self._mourante:
            os.kill(os.getpid(), signal.SIGKILL)
