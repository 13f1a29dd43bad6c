"""What an article says: text, terms, rules, matches. Knows no database and no network."""
