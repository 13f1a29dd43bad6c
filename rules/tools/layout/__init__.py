"""How `rules fmt` lays a file out: read with its comments, in the manner of the library, and written."""
