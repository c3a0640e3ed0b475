"""The conventions of our HTTP API: names, errors, parameters, pages, rights, schema."""
