"""The formats that rows are answered in, one module each, and the choice between them."""
