# fails: 4.3
# told: epochs
# alone: 4::test_recipe
"""Training is resumed for 1 epoch instead of 2 (HNE)."""

from lab.recipes import Recipe

RECIPES = {"mnist_resume": Recipe(epochs=1, batch_size=32, validation_split=0.1)}
