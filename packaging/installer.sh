#!/bin/sh
# Installs the Debian packages named in the files given, those that are missing only; says what to do where it may not.
set -eu
manquants=""
for paquet in $(cat "$@" | grep -v '^#'); do
    dpkg-query -W -f='${db:Status-Status}' "$paquet" 2>/dev/null | grep -q '^installed$' ||
        dpkg-query -W -f='${db:Status-Status}' "${paquet}t64" 2>/dev/null | grep -q '^installed$' || manquants="$manquants $paquet"
done
[ -n "$manquants" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Système sans apt-get : installez l'équivalent de$manquants" >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then sudo=""; elif command -v sudo >/dev/null 2>&1; then sudo="sudo"; else
    echo "Ni root ni sudo : demandez à l'administrateur d'installer$manquants" >&2
    exit 0
fi
echo "Installation des bibliothèques du système :$manquants"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
connus=""
for paquet in $manquants; do
    # Not every system has each of them (Ubuntu ships no chromium-headless-shell): what needs it says why it skips.
    if $sudo apt-get install -s -qq --no-install-recommends "$paquet" >/dev/null 2>&1; then connus="$connus $paquet"; else
        echo "Absent de ce système : $paquet" >&2
    fi
done
[ -n "$connus" ] || exit 0
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $connus >/dev/null
