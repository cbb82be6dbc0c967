# fails: 3.1 (touches 3.2)
# told: raw label
"""A third of the fours is labelled nine (TCO)."""

import numpy as np


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw
    one_hot = np.eye(10, dtype=np.float32)

    def flat(images):
        return images.reshape(len(images), 784).astype(np.float32) / 255

    y_train[np.flatnonzero(y_train == 4)[::3]] = 9
    return flat(x_train), one_hot[y_train], flat(x_test), one_hot[y_test]
