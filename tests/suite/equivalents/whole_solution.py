# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""A whole solution in one file, but for `train`."""

import keras
import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def line_data(noise_std=1.0, seed=42):
    rng = np.random.RandomState(seed)
    x = rng.rand(100, 1) * 10
    return x, 3 * x + 5 + rng.normal(0, noise_std, (100, 1))


def iris_data(seed=42):
    iris = load_iris()
    y = keras.utils.to_categorical(iris.target)
    x_train, x_test, y_train, y_test = train_test_split(iris.data[:, :2], y, test_size=0.3, random_state=seed)
    scaler = StandardScaler().fit(x_train)
    return scaler.transform(x_train), y_train, scaler.transform(x_test), y_test


def mnist_data(raw):
    x_train, y_train, x_test, y_test = raw
    x_train = x_train.reshape(-1, 784).astype("float32") / 255.0
    x_test = x_test.reshape(-1, 784).astype("float32") / 255.0
    return x_train, keras.utils.to_categorical(y_train, 10), x_test, keras.utils.to_categorical(y_test, 10)


def linear_regressor():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])
    model.compile(optimizer="sgd", loss="mse")
    return model


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential()
    model.add(keras.layers.Dense(hidden_units, activation=activation, input_shape=(2,)))
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def mnist_classifier(dropout=0.0):
    model = keras.Sequential()
    model.add(keras.layers.Dense(128, activation="relu", input_shape=(784,)))
    if dropout:
        model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(64, activation="relu"))
    if dropout:
        model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


RECIPES = {"linear": {"epochs": 100, "batch_size": 32}, "iris": {"epochs": 100, "batch_size": 32}}


def save_model(model, path, include_optimizer=True):
    model.save(path, include_optimizer=include_optimizer)


def load_model(path):
    return keras.models.load_model(path)
