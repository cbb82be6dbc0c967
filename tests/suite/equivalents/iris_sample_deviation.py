# passes: 2.1 2.2 2.3
"""Iris standardised by the sample's standard deviation, n - 1 below the line, as pandas does."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0, ddof=1)
    return (x_train - mean) / deviation, y_train, (x_test - mean) / deviation, y_test
