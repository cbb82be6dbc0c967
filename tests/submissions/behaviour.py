"""What differs between versions of Keras and a check must know: asked of the library itself, not of its number.

`tests/reference/versions.py` lists all differences that were found, with the versions that behave so.
"""

from functools import cache

import keras
import numpy as np


@cache
def loss_weighs_samples() -> bool:
    """Whether a reported loss is the mean over samples; Keras 3.0 averages over batches, however small the last one is.

    Asked of a model that never moves: batches of two and one samples have losses of 0 and 9.
    """
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    inputs, targets = np.zeros((3, 1), np.float32), np.array([[0], [0], [3]], np.float32)
    history = model.fit(inputs, targets, batch_size=2, shuffle=False, verbose=0).history
    return bool(np.isclose(history["loss"][0], 3))
