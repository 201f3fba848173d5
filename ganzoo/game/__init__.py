"""Games of any number of players: the adversarial step, and a base class per kind."""
