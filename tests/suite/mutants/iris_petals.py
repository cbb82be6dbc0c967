# fails: 2.1 2.2
# told: flowers with the right features
# alone: 2::test_training_loss
"""The last two features, the petals', instead of the first two."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def iris_data(seed=42):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data[:, 2:], np.eye(3)[iris.target], test_size=0.3, random_state=seed
    )
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), y_train, scaler.transform(x_test), y_test
