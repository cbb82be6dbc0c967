# fails: 1.1 1.2 1.3
# told: validation
"""A fifth of the points is held out (TRD)."""

from lab.recipes import Recipe

RECIPES = {"linear": Recipe(epochs=100, batch_size=32, validation_split=0.2)}
