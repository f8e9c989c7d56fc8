"""The metadata: who there is, and who may see what. SQLAlchemy Core over one database."""

HEAD = "0005"  # the newest migration, and the schema that this version needs; a test holds it so
