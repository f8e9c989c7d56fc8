"""The audit log: who was let in or turned away."""
