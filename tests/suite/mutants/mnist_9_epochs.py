# fails: 3.1 3.2
# told: epochs
# alone: 3::test_recipe
"""9 epochs for 10 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"mnist": Recipe(epochs=9, batch_size=32, validation_split=0.1)}
