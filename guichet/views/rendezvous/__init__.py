"""The « Rendez-vous » tab."""
