"""Why a rule matches a text and why it does not, asked of the code that decides; `explain.explain` is the way in."""
