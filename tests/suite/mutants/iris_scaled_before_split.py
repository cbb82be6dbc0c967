# fails: 2.1
# told: training part from mean 0
# alone: 2::test_scaling
"""The scaler is fitted before the split, on the test flowers too."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def iris_data(seed=42):
    iris = load_iris()
    x = StandardScaler().fit_transform(iris.data[:, :2])
    x_train, x_test, y_train, y_test = train_test_split(x, np.eye(3)[iris.target], test_size=0.3, random_state=seed)
    return x_train, y_train, x_test, y_test
