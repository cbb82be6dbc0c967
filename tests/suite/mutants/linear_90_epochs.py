# fails: 1.1 1.2 1.3
# told: epochs
# alone: 1::test_recipe
"""90 epochs for 100 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"linear": Recipe(epochs=90, batch_size=32)}
