"""The credit risk dashboard."""
