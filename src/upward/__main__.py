"""`python -m upward`: the same as the command `upward`."""

from upward.cli.main import main

if __name__ == "__main__":
    main()
