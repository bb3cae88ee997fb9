"""The « Dossiers » tab."""
