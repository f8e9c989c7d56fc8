"""The tables, as SQLAlchemy Core knows them; migrations bring a database to this shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, also where the database keeps no time zone, as SQLite does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say of a moment without a zone that it is in UTC."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _reference(target: str) -> ForeignKey:
    return ForeignKey(target, ondelete="CASCADE")


tenants = Table(
    "tenants",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("slug", String(63), nullable=False, index=True, unique=True),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("config_json", JSON, nullable=False, default=dict),
    Column("created_at", UtcDateTime, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("email", String(254), nullable=False, index=True, unique=True),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_hash", String(255)),  # argon2id; without one nobody signs in by password
)

user_tenants = Table(
    "user_tenants",
    metadata,
    Column("user_id", String(36), _reference("users.id"), primary_key=True, index=True),
    Column("tenant_id", String(36), _reference("tenants.id"), primary_key=True, index=True),
    Column("role", String(16), nullable=False),
    CheckConstraint("role IN ('admin', 'viewer')", name="role"),
)

dashboards = Table(
    "dashboards",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(63), nullable=False, index=True, unique=True),
    Column("title", String(200), nullable=False),
    Column("description", String(1000), nullable=False),
    Column("config_json", JSON, nullable=False, default=dict),
)

# ``data_version`` names the folder with the data that this tenant sees on this dashboard.
# Changing it is the one step that puts new data in place: before it nobody sees them. The one
# before it is kept, so that it can be put back.
tenant_dashboards = Table(
    "tenant_dashboards",
    metadata,
    Column("tenant_id", String(36), _reference("tenants.id"), primary_key=True, index=True),
    Column("dashboard_id", String(36), _reference("dashboards.id"), primary_key=True, index=True),
    Column("config_json", JSON, nullable=False, default=dict),
    Column("data_version", String(64)),
    Column("previous_data_version", String(64)),
)

# No foreign keys: the log outlives what it speaks of. ``event_id`` comes with the event, so that
# one which is delivered twice is written once.
audit_log = Table(
    "audit_log",
    metadata,
    # In SQLite only what is called INTEGER counts up by itself, and it has 64 bits there as well.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(254), index=True),
    Column("tenant_id", String(36)),
    Column("action", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("request_id", String(64)),
    Column("details", JSON, nullable=False, default=dict),
    Column("event_id", String(32), index=True, unique=True),
    Index("ix_audit_log_tenant_id_at", "tenant_id", "at"),
)

# User tokens that are good by their signature, and that their people have signed out of. A row is
# needed no longer once every tenant token that was given for it has ended as well.
revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("until", UtcDateTime, nullable=False, index=True),
)

# What failed sign-ins take of what an account and an address may fail, for as long as the limit
# looks back; those that are being checked take it for a moment. ``owner`` is a digest.
sign_in_places = Table(
    "sign_in_places",
    metadata,
    Column("attempt", String(32), primary_key=True),
    Column("owner", String(64), primary_key=True, index=True),
    Column("failed", Boolean, nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
)
