"""What every dashboard shares."""
