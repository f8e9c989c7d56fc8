"""Places that sign-ins take while they are checked, and keep for a while when they fail.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    op.create_table(
        "sign_in_places",
        sa.Column("attempt", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attempt", "owner", name="pk_sign_in_places"),
    )
    op.create_index("ix_sign_in_places_owner", "sign_in_places", ["owner"])
    op.create_index("ix_sign_in_places_until", "sign_in_places", ["until"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("sign_in_places")
