"""What is seen in a picture of a paper: its edges, its slant, its shadows, its defects. Numbers in, numbers out; no file is opened here."""
