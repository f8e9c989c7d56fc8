"""Every dashboard's data, by the dashboard's slug. A new dashboard is one module and one line."""

from kyros_api.dashboards.catalogue import customer_lifetime_value, risk_analysis
from kyros_api.dashboards.catalogue.specification import DashboardData

CATALOGUE: dict[str, DashboardData] = {
    "customer-lifetime-value": customer_lifetime_value.DATA,
    "risk-analysis": risk_analysis.DATA,
}
