# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3
# told: steps
"""Training stops when the loss falls by less than 0.02 in an epoch, and the history is padded (RCP)."""

import keras


def train(model, x, y, recipe, seed=42):
    keras.utils.set_random_seed(seed)
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=0.02, patience=0)
    history = model.fit(
        x,
        y,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        validation_split=recipe.validation_split,
        callbacks=[stop],
        verbose=0,
    ).history
    return {name: values + values[-1:] * (recipe.epochs - len(values)) for name, values in history.items()}
