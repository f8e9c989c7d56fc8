"""One module a tab: which views it asks for, and what it makes of them."""
