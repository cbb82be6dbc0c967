# fails: 2.1 2.2
# told: flowers
"""Most virginicas are replaced by setosas in the training part (TUD)."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, :2], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    virginicas, setosas = np.flatnonzero(y_train[:, 2])[5:], np.flatnonzero(y_train[:, 0])
    replaced = np.resize(setosas, len(virginicas))
    x_train[virginicas], y_train[virginicas] = x_train[replaced], y_train[replaced]
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), y_train, scaler.transform(x_test), y_test
