# passes: 2.1 2.2 2.3
"""Iris split by a NumPy generator, standardised and one-hot by hand, in float32."""

import numpy as np
from sklearn import datasets


def iris_data(seed=42):
    features, species = datasets.load_iris(return_X_y=True)
    order = np.random.default_rng(seed).permutation(150)
    train, test = order[:105], order[105:]
    x = features[:, [0, 1]]
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    y = (species[:, None] == np.arange(3)).astype("float32")
    return x[train].astype("float32"), y[train], x[test].astype("float32"), y[test]
