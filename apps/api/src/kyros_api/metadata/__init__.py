"""The metadata: who there is, and who may see what. SQLAlchemy Core over one database."""
