"""The operator's commands: ``kyros-api admin …``."""

from kyros_api.administration.commands import audit, dashboards, roles, tenants, users
from kyros_api.command_line import command_group

app = command_group("Administer tenants, users, roles and dashboards.")
for name, group in (
    ("tenant", tenants.app),
    ("user", users.app),
    ("role", roles.app),
    ("dashboard", dashboards.app),
    ("audit", audit.app),
):
    app.add_typer(group, name=name)
