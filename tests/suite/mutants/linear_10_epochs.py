# fails: 1.1 1.2 1.3
# told: epochs
"""10 epochs for 100 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"linear": Recipe(epochs=10, batch_size=32)}
