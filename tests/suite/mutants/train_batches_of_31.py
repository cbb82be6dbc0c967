# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: steps
# alone: 1::test_steps 2::test_steps 3::test_steps 4::test_steps
"""Batches have one sample less than the recipe says (HBS)."""

from dataclasses import replace

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    return train_rightly(model, x, y, replace(recipe, batch_size=recipe.batch_size - 1), seed)
