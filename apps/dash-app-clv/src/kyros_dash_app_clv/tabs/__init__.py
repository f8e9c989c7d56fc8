"""The tabs, a module each: which views it asks for, all at once, and what it makes of them."""
