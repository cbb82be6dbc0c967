# fails: 4.3
# told: epochs
"""Training is resumed for 1 epoch instead of 2 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"mnist_resume": Recipe(epochs=1, batch_size=32, validation_split=0.1)}
