"""The version of a tenant's data before the one in place.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    with op.batch_alter_table("tenant_dashboards") as tenant_dashboards:
        tenant_dashboards.add_column(sa.Column("previous_data_version", sa.String(64)))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("tenant_dashboards") as tenant_dashboards:
        tenant_dashboards.drop_column("previous_data_version")
