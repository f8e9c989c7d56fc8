"""``python -m kyros_dev_server``."""

from kyros_dev_server import main

if __name__ == "__main__":  # the reloaded process imports this module as well
    main()
