"""The « Documents » tab."""
