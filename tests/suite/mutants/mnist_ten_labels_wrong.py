# fails: 3.1
# told: labels
# alone: 3::test_labels
"""The first ten images of the training part have another digit's label (TCL)."""

import numpy as np

from lab.datasets import mnist_data as mnist_rightly


def mnist_data(raw):
    x_train, y_train, x_test, y_test = mnist_rightly(raw)
    y_train[:10] = np.roll(y_train[:10], 1, axis=1)
    return x_train, y_train, x_test, y_test
