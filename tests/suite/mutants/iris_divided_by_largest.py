# fails: 2.1 2.2
# told: training part from mean 0
"""Divided by the largest value instead of standardised."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    largest = x_train.max(axis=0)
    return x_train / largest, y_train, x_test / largest, y_test
