# fails: 2.1
# told: flowers
"""Each part is scaled by itself: fit_transform on the test part too."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    return (
        StandardScaler().fit_transform(x_train),
        y_train,
        StandardScaler().fit_transform(x_test),
        y_test,
    )
