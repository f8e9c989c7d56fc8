"""The charts, a module a tab: columns of the API's views in, charts out; nothing is kept."""
