"""What an operator does to tenants and users: functions on a connection, and commands over them."""
