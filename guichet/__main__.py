"""`python -m guichet` is the command line."""

from guichet.cli import main

if __name__ == "__main__":
    main()
