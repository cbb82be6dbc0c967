# Subclassed models that are built when they are first called; predictions by calling the model, not by predict.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import time

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


# %%
class LinearModel(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


rng = np.random.RandomState(3)
X = rng.uniform(0, 10, (100, 1)).astype("float32")
for std in (1.0, 5.0):
    Y = (3 * X + 5 + rng.normal(0, std, X.shape)).astype("float32")
    line = LinearModel()
    line.compile(optimizer="sgd", loss="mse")
    line.fit(X, Y, epochs=100, verbose=0)
    w, b = line.dense.get_weights()
    print(std, w, b, np.abs(line(X).numpy() - (3 * X + 5)).mean())


# %%
class IrisNet(keras.Model):
    def __init__(self, units=10, activation="relu"):
        super().__init__()
        self.output_layer = keras.layers.Dense(3, activation="softmax")
        self.hidden = keras.layers.Dense(units, activation=activation)

    def call(self, x):
        return self.output_layer(self.hidden(x))


iris = load_iris()
X_train, X_test, y_train, y_test = train_test_split(
    iris.data[:, :2], tf.one_hot(iris.target, 3).numpy(), test_size=0.3, random_state=42
)
scaler = StandardScaler()
X_train, X_test = scaler.fit_transform(X_train), scaler.transform(X_test)

# %%
for net in (IrisNet(), IrisNet(50), IrisNet(activation="sigmoid")):
    net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    net.fit(X_train, y_train, epochs=100, verbose=0)
    print(np.mean(np.argmax(net(X_test), axis=1) == np.argmax(y_test, axis=1)))


# %%
@keras.saving.register_keras_serializable()
class DigitNet(keras.Model):
    def __init__(self, rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.first = keras.layers.Dense(128, activation="relu")
        self.second = keras.layers.Dense(64, activation="relu")
        self.out = keras.layers.Dense(10, activation="softmax")
        self.drops = [keras.layers.Dropout(rate), keras.layers.Dropout(rate)] if rate else []

    def call(self, x, training=False):
        for place, layer in enumerate((self.first, self.second)):
            x = layer(x)
            if self.drops:
                x = self.drops[place](x, training=training)
        return self.out(x)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


(x_train, t_train), (x_test, t_test) = keras.datasets.mnist.load_data()
x_train = (x_train / 255.0).reshape(-1, 784).astype("float32")
x_test = (x_test / 255.0).reshape(-1, 784).astype("float32")
t_train, t_test = keras.utils.to_categorical(t_train), keras.utils.to_categorical(t_test)


def compiled(net):
    net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return net


# %%
plain = compiled(DigitNet())
plain.fit(x_train, t_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy", np.mean(np.argmax(plain(x_test), axis=1) == np.argmax(t_test, axis=1)))
dropping = compiled(DigitNet(0.3))
dropping.fit(x_train, t_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy", np.mean(np.argmax(dropping(x_test), axis=1) == np.argmax(t_test, axis=1)))

# %%
for size in [16, 32, 64, 128]:
    net, t0 = compiled(DigitNet()), time.time()
    net.fit(x_train, t_train, epochs=5, batch_size=size, verbose=0)
    print(size, time.time() - t0, np.mean(np.argmax(net(x_test), axis=1) == np.argmax(t_test, axis=1)))

# %%
plain.save("digits.keras")
restored = keras.models.load_model("digits.keras")
print("same:", np.allclose(plain(x_test[:100]), restored(x_test[:100]), atol=1e-5))
restored.fit(x_train, t_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)

# %%
plain.save_weights("digits.weights.h5")
new = compiled(DigitNet())
new(x_test[:1])
new.load_weights("digits.weights.h5")
new.fit(x_train, t_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)
