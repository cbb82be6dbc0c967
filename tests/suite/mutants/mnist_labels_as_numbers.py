# fails: 3.1 3.2 3.3 4.1 4.2 4.3
# told: the contract needs
"""The labels are numbers, not one-hot."""

import numpy as np


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw

    def flat(images):
        return images.reshape(len(images), 784).astype(np.float32) / 255

    return flat(x_train), y_train, flat(x_test), y_test
