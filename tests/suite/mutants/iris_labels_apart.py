# fails: 2.1 2.2 (touches 2.3)
# told: label
"""Features and labels are split by different seeds."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test = train_test_split(iris.data[:, :2], test_size=0.3, random_state=seed)
    y_train, y_test = train_test_split(np.eye(3)[iris.target], test_size=0.3, random_state=seed + 1)
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), y_train, scaler.transform(x_test), y_test
