"""A run that begins late in the evening keeps its day."""

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.horloge import fuseau_du_meme_jour

LIRE = "import datetime, os; print(datetime.datetime.fromtimestamp(int(os.environ['INSTANT'])).isoformat())"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Tahiti"])
@pytest.mark.parametrize("jour", [(2026, 11, 30), (2027, 12, 31), (2028, 2, 29)], ids=str)
def test_late_it_is_eight_hours_earlier_on_the_same_day(zone, jour):
    maintenant = datetime(*jour, 23, 59, tzinfo=ZoneInfo(zone))
    environnement = os.environ | {"TZ": fuseau_du_meme_jour(maintenant), "INSTANT": str(int(maintenant.timestamp()))}
    lu = subprocess.run([sys.executable, "-c", LIRE], env=environnement, capture_output=True, text=True, check=True).stdout.strip()
    assert lu == datetime(*jour, 15, 59).isoformat()


def test_by_day_nothing_is_moved():
    assert fuseau_du_meme_jour(datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))) == ""
