"""Paper to PDF: files read in a process that may die, pages, one clean PDF."""
