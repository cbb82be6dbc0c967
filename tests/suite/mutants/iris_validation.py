# fails: 2.1 2.2 2.3
# told: validation
"""A fifth of the training part is held out (TRD)."""

from lab.recipes import Recipe

RECIPES = {"iris": Recipe(epochs=100, batch_size=32, validation_split=0.2)}
