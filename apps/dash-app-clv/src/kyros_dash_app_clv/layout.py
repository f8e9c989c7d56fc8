"""What the page holds."""

from kyros_dash_app_clv import ids
from kyros_dash_kit import Filter, Page, Slot, Tab

PAGE = Page(
    title="Customer lifetime value",
    question="What are our customers worth, and who brings the revenue?",
    filters=[Filter(ids.COHORT, "First purchase in")],
    tabs=[
        Tab(
            "value",
            "Overview",
            [Slot(ids.CONCENTRATION), Slot(ids.ORDERS), Slot(ids.CUMULATIVE_VALUE, wide=True)],
            key_figures=5,
        )
    ],
)
