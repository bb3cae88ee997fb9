"""pywin32, where there is none."""
