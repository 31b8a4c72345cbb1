"""Articles: what can be brought to customers and sent to them; the base of the knowledge base."""
