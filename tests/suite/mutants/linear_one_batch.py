# fails: 1.1 1.2 1.3
# told: batch
"""All points in one batch (HDB)."""

from lab.recipes import Recipe

RECIPES = {"linear": Recipe(epochs=100, batch_size=100)}
