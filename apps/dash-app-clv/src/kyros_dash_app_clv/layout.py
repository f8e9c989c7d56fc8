"""What the page holds."""

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.glossary import GLOSSARY
from kyros_dash_kit import Column, Filter, GridSlot, Hidden, Page, Panel, Slot, Tab, TableSlot

_GRID = GridSlot(
    ids.GRID,
    columns=[
        # What matters most comes first: a telephone shows three columns without scrolling.
        Column("customer_id", "Customer", width=100),
        Column("value", "Value to come", "money", width=145),
        Column("p_alive", "P(alive)", "percent", width=100),
        Column("purchases", "Purchases to come", "number", width=165, decimals=2),
        Column("total_spend", "Spent so far", "money", width=125),
        Column("orders", "Orders", "count", width=90),
        Column("last_purchase", "Last purchase", "date", width=130),
        Column("first_purchase", "First purchase", "date", width=130),
    ],
    key="customer_id",
    title="Customers",
    unit="customers",
    click=ids.CUSTOMER,
    search=ids.SEARCH,
    search_label="Find a customer",
    note="Value, P(alive) and purchases are what the models expect: BG/NBD and Gamma-Gamma.",
)

PAGE = Page(
    title="Customer Lifetime Value",
    question="What are our customers worth, who stays, and whom do we lose?",
    filters=[
        Filter(
            ids.COHORT,
            "First purchase in",
            tabs=(ids.VALUE_TAB, ids.COHORTS_TAB, ids.CUSTOMERS_TAB),
        ),
        Filter(ids.SEGMENT, "Value segment", tabs=(ids.VALUE_TAB, ids.CUSTOMERS_TAB)),
        Filter(
            ids.HORIZON,
            "Look ahead",
            tabs=(ids.VALUE_TAB, ids.COHORTS_TAB, ids.ACTIVITY_TAB, ids.CUSTOMERS_TAB),
        ),
        Filter(ids.RATE, "Discount", tabs=(ids.VALUE_TAB, ids.COHORTS_TAB, ids.CUSTOMERS_TAB)),
        Hidden(ids.CUSTOMER),
        Hidden(ids.SEARCH),
    ],
    tabs=[
        Tab(
            ids.VALUE_TAB,
            "Value",
            [
                Slot(ids.SEGMENTS, click=ids.SEGMENT),
                Slot(ids.DISTRIBUTION),
                Slot(ids.CONCENTRATION, wide=True),
            ],
            key_figures=6,
        ),
        Tab(
            ids.COHORTS_TAB,
            "Cohorts",
            [
                Slot(ids.COHORT_VALUE, click=ids.COHORT),
                Slot(ids.CUMULATIVE_VALUE),
                Slot(ids.RETENTION, wide=True),
            ],
            key_figures=4,
        ),
        Tab(
            ids.ACTIVITY_TAB,
            "Who is still active",
            [Slot(ids.ALIVE_MAP, height=400), Slot(ids.PURCHASES_MAP, height=400)],
            key_figures=5,
        ),
        Tab(
            ids.MODEL_TAB,
            "How good is the model",
            [
                Slot(ids.TRACKING, wide=True),
                Slot(ids.FREQUENCY_FIT),
                Slot(ids.HOLDOUT),
                TableSlot(ids.PARAMETERS, wide=True),
                TableSlot(ids.CARD, wide=True),
            ],
        ),
        Tab(
            ids.CUSTOMERS_TAB,
            "Customers",
            [
                _GRID,
                Panel(ids.CUSTOMER, [Slot(ids.HISTORY, wide=True, height=380)], key_figures=5),
            ],
        ),
    ],
    glossary=GLOSSARY,
)
