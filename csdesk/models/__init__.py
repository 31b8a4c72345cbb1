"""What is stored: tables, vocabulary, the journal. Knows SQLAlchemy, not Qt."""
