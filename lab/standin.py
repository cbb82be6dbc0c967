"""Handwritten digits for a machine that has no MNIST: those that scikit-learn ships, in MNIST's format."""

import numpy as np

from lab.run import Array

SIDE, SIDE_OF_MNIST = 8, 28  # pixels
BRIGHTEST, BRIGHTEST_OF_MNIST = 16, 255
TEST_IMAGES = 360  # of 1,797
SPLIT_SEED = 42


def stand_in() -> tuple[Array, Array, Array, Array]:
    """(x_train, y_train, x_test, y_test): uint8 images (1437, 28, 28) and (360, 28, 28), labels (1437,) and (360,).

    Both parts have the same shares of each digit. Source: UCI's optical recognition of handwritten digits, test part.
    """
    from sklearn.datasets import load_digits  # slow to import, and every start of pytest imports this module
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images, labels = enlarged(digits.images), digits.target.astype(np.uint8)
    x_train, x_test, y_train, y_test = train_test_split(
        images, labels, test_size=TEST_IMAGES, stratify=labels, random_state=SPLIT_SEED
    )
    return x_train, y_train, x_test, y_test


def enlarged(images: Array) -> Array:
    """Images (n, 8, 8) of 0 to 16 as uint8 images (n, 28, 28) of 0 to 255, by linear interpolation, corner on corner.

    In whole numbers, so that every machine rounds every pixel alike.
    """
    steps = SIDE_OF_MNIST - 1
    weights = np.zeros((SIDE_OF_MNIST, SIDE), np.int64)  # of each old row in each new one, in 27ths
    for new in range(SIDE_OF_MNIST):
        old, share = divmod(new * (SIDE - 1), steps)
        weights[new, old] = steps - share
        if share:
            weights[new, old + 1] = share
    sums = weights @ images.astype(np.int64) @ weights.T  # (n, 28, 28), 0 to 16 * 27 * 27
    full = BRIGHTEST * steps**2
    return ((2 * BRIGHTEST_OF_MNIST * sums + full) // (2 * full)).astype(np.uint8)
