# fails: 2.1 2.2 2.3
# told: batch
"""All flowers in one batch (HDB)."""

from lab.recipes import Recipe

RECIPES = {"iris": Recipe(epochs=100, batch_size=105)}
