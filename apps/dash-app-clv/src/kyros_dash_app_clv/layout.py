"""What the page holds."""

from kyros_dash_app_clv import ids
from kyros_dash_kit import Filter, Page, Slot

PAGE = Page(
    title="Customer lifetime value",
    question="What are our customers worth, and who brings the revenue?",
    key_figures=5,
    filters=[Filter(ids.COHORT, "First purchase in")],
    slots=[Slot(ids.CONCENTRATION), Slot(ids.ORDERS), Slot(ids.CUMULATIVE_VALUE, wide=True)],
)
