"""Short numbers: which thing each is the id of, and so which answer gave it."""
