"""A dashboard's data: what it declares, who may open it, rows and views."""
