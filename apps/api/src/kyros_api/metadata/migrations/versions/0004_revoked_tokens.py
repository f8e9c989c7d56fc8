"""User tokens that their people have signed out of.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    op.create_table(
        "revoked_tokens",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revoked_tokens"),
    )
    op.create_index("ix_revoked_tokens_until", "revoked_tokens", ["until"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("revoked_tokens")
