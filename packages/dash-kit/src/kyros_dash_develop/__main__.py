"""``python -m kyros_dash_develop``."""

from kyros_dash_develop import main

if __name__ == "__main__":  # the reloaded process imports this module as well
    main()
