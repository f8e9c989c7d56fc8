"""Who am I, and where may I go?"""

from fastapi import APIRouter

from kyros_api.dependencies import CurrentUser, Database
from kyros_api.me import queries
from kyros_api.me.schemas import Me, MyTenant

router = APIRouter(prefix="/api", tags=["me"])


@router.get("/me")
async def me(user: CurrentUser, database: Database) -> Me:
    """Return the person's active tenants as they are now, by name."""
    rows = await database.read(queries.active_tenants, user.sub)
    return Me(
        user_id=user.sub,
        email=user.email,
        tenants=[MyTenant.model_validate(row) for row in rows],
    )
