# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""Keras's own fit, whose History is returned."""

import keras


def train(model, x, y, recipe, seed=42):
    keras.utils.set_random_seed(seed)
    return model.fit(
        x,
        y,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        validation_split=recipe.validation_split,
        verbose=0,
    )
