# The functional API with `import keras`, `.keras` files, and a loaded model that is compiled afresh.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import time

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)

# %%
x = rng.uniform(0, 10, size=(100, 1))
y = 3 * x + 5 + rng.normal(scale=1.0, size=x.shape)
y5 = 3 * x + 5 + rng.normal(scale=5.0, size=x.shape)


def line():
    inputs = keras.Input(shape=(1,))
    outputs = layers.Dense(1)(inputs)
    built = keras.Model(inputs, outputs)
    built.compile(optimizer=keras.optimizers.SGD(), loss=keras.losses.MeanSquaredError())
    return built


# %%
a = line()
a.fit(x, y, epochs=100, batch_size=32, verbose=0)
w, b = [float(v.squeeze()) for v in a.get_weights()]
error = (w * x + b) - (3 * x + 5)
print(w, b, np.abs(error).mean(), (error**2).mean())

# %%
b5 = line()
h5 = b5.fit(x, y5, epochs=100, batch_size=32, verbose=0)
print(b5.get_weights(), h5.history["loss"][-1])

# %%
data = load_iris()
labels = keras.utils.to_categorical(data.target, 3)
train_x, test_x, train_y, test_y = train_test_split(
    data.data[:, 0:2], labels, test_size=0.3, random_state=1, stratify=data.target
)
scale = StandardScaler().fit(train_x)
train_x, test_x = scale.transform(train_x), scale.transform(test_x)


def iris_model(units, activation):
    inputs = keras.Input(shape=(2,))
    hidden = layers.Dense(units)(inputs)
    hidden = layers.Activation(activation)(hidden)
    outputs = layers.Dense(3, activation="softmax")(hidden)
    built = keras.Model(inputs, outputs)
    built.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
    return built


# %%
first = iris_model(10, "relu")
first.fit(train_x, train_y, epochs=100, verbose=0)
print(first.evaluate(test_x, test_y, verbose=0, return_dict=True))

# %%
second = iris_model(50, "relu")
second.fit(train_x, train_y, epochs=100, verbose=0)
print(second.evaluate(test_x, test_y, verbose=0, return_dict=True))

# %%
third = iris_model(10, "sigmoid")
third.fit(train_x, train_y, epochs=100, verbose=0)
print(third.evaluate(test_x, test_y, verbose=0, return_dict=True))

# %%
(mx, my), (tx, ty) = keras.datasets.mnist.load_data()
mx, tx = (part.reshape(len(part), 784).astype("float32") / 255 for part in (mx, tx))
my, ty = keras.utils.to_categorical(my), keras.utils.to_categorical(ty)


def digits(rate=None):
    inputs = keras.Input(shape=(784,))
    hidden = inputs
    for units in (128, 64):
        hidden = layers.Dense(units, activation="relu")(hidden)
        if rate:
            hidden = layers.Dropout(rate)(hidden)
    outputs = layers.Dense(10, activation="softmax")(hidden)
    built = keras.Model(inputs=inputs, outputs=outputs)
    built.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return built


# %%
net = digits()
net.fit(mx, my, batch_size=32, epochs=10, validation_split=0.1, verbose=0)
print(net.evaluate(tx, ty, verbose=0))

# %%
dropped = digits(rate=0.3)
dropped.fit(mx, my, batch_size=32, epochs=10, validation_split=0.1, verbose=0)
print(dropped.evaluate(tx, ty, verbose=0))

# %%
table = {}
for size in (16, 32, 64, 128):
    candidate = digits()
    begin = time.perf_counter()
    candidate.fit(mx, my, batch_size=size, epochs=5, verbose=0)
    table[size] = time.perf_counter() - begin, candidate.evaluate(tx, ty, verbose=0)[1]
table

# %%
net.save("net.keras")
again = keras.saving.load_model("net.keras")
print(np.array_equal(net.predict(tx[:100], verbose=0), again.predict(tx[:100], verbose=0)))

# %%
without = keras.saving.load_model("net.keras", compile=False)
without.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
lost = without.fit(mx, my, batch_size=32, epochs=2, validation_split=0.1, verbose=0)
kept = again.fit(mx, my, batch_size=32, epochs=2, validation_split=0.1, verbose=0)
print(lost.history, kept.history)
