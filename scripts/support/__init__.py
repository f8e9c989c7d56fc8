"""What several commands need: settings, engines, checks and the terminal."""
