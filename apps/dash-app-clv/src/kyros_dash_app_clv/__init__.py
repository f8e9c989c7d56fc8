"""The customer lifetime value dashboard."""
