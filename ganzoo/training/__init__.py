"""Training from a recipe, and states to resume from."""
