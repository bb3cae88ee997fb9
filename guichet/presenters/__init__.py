"""What a tab shows, without drawing it: QtCore only, and nothing heavy imported before the window is painted."""
