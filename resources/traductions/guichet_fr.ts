<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="fr_FR">
<context>
    <name>BarreEtat</name>
    <message numerus="yes">
        <source>%n envoi(s) en attente</source>
        <translation>
            <numerusform>%n envoi en attente</numerusform>
            <numerusform>%n envois en attente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n à revoir</source>
        <translation>
            <numerusform>%n à revoir</numerusform>
            <numerusform>%n à revoir</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n suppression(s) à confirmer</source>
        <translation>
            <numerusform>%n suppression à confirmer</numerusform>
            <numerusform>%n suppressions à confirmer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FinDeJournee</name>
    <message numerus="yes">
        <source>%n envoi(s) ne sont pas encore partis de ce poste.</source>
        <translation>
            <numerusform>%n envoi n'est pas encore parti de ce poste.</numerusform>
            <numerusform>%n envois ne sont pas encore partis de ce poste.</numerusform>
        </translation>
    </message>
</context>
</TS>
