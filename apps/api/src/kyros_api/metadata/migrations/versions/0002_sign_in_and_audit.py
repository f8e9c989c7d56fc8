"""Passwords, and audit events that are known by an id of their own.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("password_hash", sa.String(255)))
    with op.batch_alter_table("audit_log") as audit_log:
        audit_log.add_column(sa.Column("event_id", sa.String(32)))
        audit_log.create_index("ix_audit_log_event_id", ["event_id"], unique=True)
        audit_log.create_index("ix_audit_log_actor", ["actor"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("audit_log") as audit_log:
        audit_log.drop_index("ix_audit_log_actor")
        audit_log.drop_index("ix_audit_log_event_id")
        audit_log.drop_column("event_id")
    with op.batch_alter_table("users") as users:
        users.drop_column("password_hash")
