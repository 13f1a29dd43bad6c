"""The demo: the very pipeline of `run`, on news written for it, in the time of that news."""
