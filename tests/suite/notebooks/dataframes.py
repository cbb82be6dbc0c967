# pandas DataFrames for Iris, answers in Markdown, and many plots; no exercise 4.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3
# not submitted: 4.1 4.2 4.3

# %% [markdown]
# # Lab 07: TensorFlow
#
# **Task 1.** A line, with noise.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

frame = pd.DataFrame({"x": np.random.rand(100) * 10})
frame["y"] = 3 * frame["x"] + 5 + np.random.normal(0, 1, 100)
frame["noisy"] = 3 * frame["x"] + 5 + np.random.normal(0, 5, 100)
frame.plot.scatter("x", "y")
plt.show()

# %%
curves = {}
for column in ["y", "noisy"]:
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
    model.compile(optimizer="sgd", loss="mse")
    curves[column] = model.fit(frame["x"], frame[column], epochs=100, verbose=0).history["loss"]
    print(column, [float(v.squeeze()) for v in model.get_weights()])
pd.DataFrame(curves).plot()
plt.show()

# %% [markdown]
# *How close is it?* Close to 3 and 5. *Noise*: the loss is larger and jumps more.
#
# **Task 2.** Iris.

# %%
iris = load_iris(as_frame=True)
X = iris.data[["sepal length (cm)", "sepal width (cm)"]]
y = pd.get_dummies(iris.target).astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
mean, std = X_train.mean(), X_train.std(ddof=0)
X_train, X_test = (X_train - mean) / std, (X_test - mean) / std

# %%
scores = []
for units, activation in [(10, "relu"), (50, "relu"), (10, "sigmoid")]:
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Dense(units, activation=activation, input_shape=(2,)),
            tf.keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(X_train, y_train, epochs=100, verbose=0)
    scores.append({"units": units, "activation": activation, "accuracy": model.evaluate(X_test, y_test, verbose=0)[1]})
    xx, yy = np.meshgrid(np.linspace(4, 8, 60), np.linspace(2, 5, 60))
    grid = (pd.DataFrame({X.columns[0]: xx.ravel(), X.columns[1]: yy.ravel()}) - mean) / std
    plt.contourf(xx, yy, model.predict(grid, verbose=0).argmax(axis=1).reshape(xx.shape), alpha=0.5)
    plt.show()
pd.DataFrame(scores)

# %% [markdown]
# With 50 units the boundary bends more. With sigmoid it is smoother.
#
# **Task 3.** MNIST.

# %%
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train = tf.keras.utils.to_categorical(y_train, 10)
y_test = tf.keras.utils.to_categorical(y_test, 10)


def build(dropout):
    parts = []
    for units in (128, 64):
        parts += [tf.keras.layers.Dense(units, activation="relu")]
        parts += [tf.keras.layers.Dropout(0.3)] if dropout else []
    model = tf.keras.Sequential([tf.keras.Input((784,)), *parts, tf.keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


for dropout in (False, True):
    model = build(dropout)
    history = model.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
    pd.DataFrame(history.history).plot()
    plt.show()
    print("dropout" if dropout else "plain", model.evaluate(x_test, y_test, verbose=0))

# %%
rows = []
for size in (16, 32, 64, 128):
    model, begin = build(False), time.time()
    model.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    rows.append({"size": size, "seconds": time.time() - begin, "accuracy": model.evaluate(x_test, y_test, verbose=0)[1]})
pd.DataFrame(rows).plot.bar(x="size", y="seconds")
plt.show()
