# fails: 3.1 3.2 3.3 4.3
# told: raw value / 255
# alone: 4::test_resumed_accuracy
"""The training images are shuffled and their labels are not."""

import numpy as np


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw
    one_hot = np.eye(10, dtype=np.float32)

    def flat(images):
        return images.reshape(len(images), 784).astype(np.float32) / 255

    np.random.default_rng(0).shuffle(x_train)
    return flat(x_train), one_hot[y_train], flat(x_test), one_hot[y_test]
