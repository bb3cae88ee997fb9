"""Small parts shared by the tabs."""
