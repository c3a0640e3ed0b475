"""What the tables of events need from PostgreSQL that Django does not model."""
