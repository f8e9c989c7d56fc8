"""Every dashboard's preparation, by the dashboard's slug."""

from kyros_api.modelling import credit_risk, customer_value
from kyros_api.modelling.preparation import Preparation

PREPARATIONS: dict[str, Preparation] = {
    preparation.slug: preparation
    for preparation in (customer_value.PREPARATION, credit_risk.PREPARATION)
}
