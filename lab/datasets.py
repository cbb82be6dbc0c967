"""The arrays that each exercise trains and tests on."""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from lab.alignment import aligned_empty

Floats = NDArray[np.floating]
FourArrays = tuple[Floats, Floats, Floats, Floats]


def line_data(noise_std: float = 1.0, seed: int = 42) -> tuple[Floats, Floats]:
    """100 points of y = 3x + 5 + Normal(0, noise_std), x uniform on [0, 10); both float64 of shape (100, 1).

    Two noise levels with one seed share x, and their noise is the same draws scaled: a paired comparison.
    The legacy generator is the original notebook's, so seed 42 gives its data.
    """
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 5 + draws.normal(0, noise_std, (100, 1))


def iris_data(seed: int = 42) -> FourArrays:
    """Iris sepal length and width: (x_train, y_train, x_test, y_test).

    105 flowers to train on and 45 to test on; both features (n, 2) standardised by the training part's mean and
    standard deviation; labels (n, 3) one-hot.
    """
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), y_train, scaler.transform(x_test), y_test


def mnist_data(raw: FourArrays) -> FourArrays:
    """Images scaled to [0, 1] and flattened to (n, 784), labels one-hot (n, 10); all float32.

    `raw` is (x_train, y_train, x_test, y_test): uint8 images (n, 28, 28) and labels (n,).
    """
    x_train, y_train, x_test, y_test = raw
    one_hot = np.eye(10, dtype=np.float32)

    def flat(images: Floats) -> Floats:
        scaled = aligned_empty((len(images), 784), np.float32)  # `train` then uses it without a copy
        return np.divide(images.reshape(len(images), 784), 255, out=scaled, dtype=np.float32)

    return flat(x_train), one_hot[y_train], flat(x_test), one_hot[y_test]
