"""What tells an analyst what the rules do: examples run, lints, explanations, measures, and help with writing."""
