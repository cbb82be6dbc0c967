# fails: 3.1 (touches 3.2)
# told: raw value / 255
"""Most nines are replaced by ones (TUD)."""

import numpy as np


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw
    one_hot = np.eye(10, dtype=np.float32)

    def flat(images):
        return images.reshape(len(images), 784).astype(np.float32) / 255

    nines, ones = np.flatnonzero(y_train == 9)[20:], np.flatnonzero(y_train == 1)
    replaced = np.resize(ones, len(nines))
    x_train[nines], y_train[nines] = x_train[replaced], 1
    return flat(x_train), one_hot[y_train], flat(x_test), one_hot[y_test]
