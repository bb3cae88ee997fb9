"""What a run of the tests cost: the slowest, each folder, the whole against its budget; kept where the run asks for it."""

import json
import os
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

RAISONS = Path(__file__).with_name("lents.toml")
"""Why a test may take long, by its name without its cases."""
BUDGET_S, A_DIRE_S, AU_PLUS_S = 900, 20, 45
"""The whole on two cores; from when a test says why; more than any takes."""
_LENTS = 20


class Rapport:
    """Adds up what each test takes, its fixtures included, in the process that hears of all of them."""

    def __init__(self, ou: Path | None) -> None:
        self._ou, self._debut, self._avant = ou, time.monotonic(), os.times()
        self.durees: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a part of a test: its setting up, its body, its taking down."""
        self.durees[report.nodeid] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print the seed of the order, and the report of a whole run, or of one with many tests."""
        if config.pluginmanager.hasplugin("randomly"):
            terminalreporter.line(f"ordre tiré au sort : --randomly-seed={config.getoption('randomly_seed')}")
        if len(self.durees) < _LENTS:
            return
        lu = self.lire()
        terminalreporter.section("durées")
        for nom, duree in lu["lents"]:
            terminalreporter.line(f"{duree:6.1f} s  {nom}")
        terminalreporter.line("")
        for dossier, duree in lu["dossiers"].items():
            terminalreporter.line(f"{duree:6.0f} s  {dossier}")
        terminalreporter.line(
            f"{lu['mur_s']:6.0f} s en tout, pour un budget de {BUDGET_S} s ; {lu['processeur_s']:.0f} s de processeur, "
            f"charge de la machine {lu['charge']:.1f}"
        )
        for phrase in lu["a_dire"]:
            terminalreporter.line(phrase, red=True)
        if self._ou is not None:
            self._ou.parent.mkdir(parents=True, exist_ok=True)
            self._ou.write_text(json.dumps(lu, ensure_ascii=False, indent=1), encoding="utf-8")

    def lire(self) -> dict[str, object]:
        """Return the report: `lents` and `dossiers` in seconds of tests, `mur_s` and `processeur_s` of the whole, what has to be said."""
        tries = sorted(self.durees.items(), key=lambda x: -x[1])
        dossiers: Counter[str] = Counter()
        for nom, duree in tries:
            parties = nom.partition("::")[0].split("/")
            dossiers["/".join(parties[:2]) if len(parties) > 2 else parties[0]] += duree
        maintenant = os.times()
        passe = [maintenant[i] - self._avant[i] for i in range(4)]
        return {
            "lents": tries[:_LENTS],
            "dossiers": dict(dossiers.most_common()),
            "mur_s": time.monotonic() - self._debut,
            "processeur_s": sum(passe),
            "charge": os.getloadavg()[2],
            "a_dire": list(_a_dire(dict(tries))),
        }


def _a_dire(durees: dict[str, float]) -> list[str]:
    raisons = tomllib.loads(RAISONS.read_text(encoding="utf-8"))
    longs = {nom: duree for nom, duree in durees.items() if duree > A_DIRE_S}
    sans = [
        f"sans raison dans {RAISONS.name} : {nom}, {duree:.0f} s" for nom, duree in longs.items() if nom.partition("[")[0] not in raisons
    ]
    trop = [f"plus de {AU_PLUS_S} s : {nom}, {duree:.0f} s" for nom, duree in longs.items() if duree > AU_PLUS_S]
    return sans + trop
