"""Names of organisations. They are nobody's personal information, but they settle whose name a stretch is not."""
