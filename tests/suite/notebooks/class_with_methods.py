# One class with a method for each task; the images are scaled by a Rescaling layer within the model.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import time

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Lab07:
    def __init__(self, seed=42):
        tf.keras.utils.set_random_seed(seed)
        self.models, self.results = {}, {}

    def linear(self, noise):
        x = np.random.rand(100, 1) * 10
        y = 3 * x + 5 + np.random.normal(0, noise, x.shape)
        model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=100, verbose=0)
        predicted = model.predict(x, verbose=0)
        self.results["linear", noise] = *map(np.squeeze, model.get_weights()), np.abs(predicted - 3 * x - 5).mean()

    def iris(self, units, activation):
        bunch = load_iris()
        x, xt, y, yt = train_test_split(bunch.data[:, :2], bunch.target, test_size=0.3, random_state=42)
        scaler = StandardScaler().fit(x)
        model = tf.keras.Sequential(
            [
                tf.keras.Input((2,)),
                tf.keras.layers.Dense(units, activation=activation),
                tf.keras.layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
        model.fit(scaler.transform(x), np.eye(3)[y], epochs=100, verbose=0)
        self.results["iris", units, activation] = model.evaluate(scaler.transform(xt), np.eye(3)[yt], verbose=0)[1]

    def load_digits(self):
        (self.x, self.y), (self.xt, self.yt) = tf.keras.datasets.mnist.load_data()

    def digits(self, rate=0.0):
        layers = [tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255), tf.keras.layers.Flatten()]
        for units in (128, 64):
            layers.append(tf.keras.layers.Dense(units, activation="relu"))
            if rate:
                layers.append(tf.keras.layers.Dropout(rate))
        model = tf.keras.Sequential([*layers, tf.keras.layers.Dense(10, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def train(self, name, model, epochs, batch_size=32, **options):
        begin = time.time()
        history = model.fit(self.x, self.y, epochs=epochs, batch_size=batch_size, verbose=0, **options)
        self.models[name] = model
        self.results[name] = time.time() - begin, model.evaluate(self.xt, self.yt, verbose=0), history.history


# %%
lab = Lab07()
for noise in (1, 5):
    lab.linear(noise)

# %%
for units, activation in ((10, "relu"), (50, "relu"), (10, "sigmoid")):
    lab.iris(units, activation)

# %%
lab.load_digits()
lab.train("plain", lab.digits(), 10, validation_split=0.1)
lab.train("dropout", lab.digits(0.3), 10, validation_split=0.1)

# %%
for size in (16, 32, 64, 128):
    lab.train(size, lab.digits(), 5, size)

# %%
lab.models["plain"].save("plain.keras")
restored = tf.keras.models.load_model("plain.keras")
print(np.allclose(lab.models["plain"].predict(lab.xt[:100]), restored.predict(lab.xt[:100])))
lab.train("resumed", restored, 2, validation_split=0.1)
fresh = lab.digits()
fresh.set_weights(tf.keras.models.load_model("plain.keras").get_weights())
lab.train("fresh", fresh, 2, validation_split=0.1)

# %%
for name, result in lab.results.items():
    print(name, result)
