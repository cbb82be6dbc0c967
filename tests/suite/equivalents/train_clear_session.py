# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""Training clears Keras's session and sets its seed first, as many notebooks do."""

import keras


def train(model, x, y, recipe, seed=42):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    return model.fit(
        x,
        y,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        validation_split=recipe.validation_split,
        verbose=0,
    )
