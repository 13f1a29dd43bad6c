"""What the commands found, shown: as text for people, as JSON for programs."""
