"""The one tree of migrations; `storage.migrating` runs it."""
