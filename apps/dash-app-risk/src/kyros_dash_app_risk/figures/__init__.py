"""The charts: columns of the API's views in, charts out; nothing else is read or kept."""
