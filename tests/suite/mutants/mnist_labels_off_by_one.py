# fails: 3.1
# told: raw label
"""Every label is one digit too high (TCL)."""

import numpy as np


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw
    one_hot = np.eye(10, dtype=np.float32)

    def flat(images):
        return images.reshape(len(images), 784).astype(np.float32) / 255

    one_hot = np.roll(one_hot, 1, axis=1)
    return flat(x_train), one_hot[y_train], flat(x_test), one_hot[y_test]
