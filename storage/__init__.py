"""What is remembered: tables, migrations, and one file for each question asked of the database."""
