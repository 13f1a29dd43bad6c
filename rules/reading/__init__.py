"""Reading what people write: rule files, shared lists and the gazetteer, with every fault told where it stands."""
