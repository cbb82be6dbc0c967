# Iris's and MNIST's test accuracies are those of the training part.
# passes: 3.3
# fails: 2.1 3.1
# may fail: 2.2 2.3
# not submitted: 1.1 1.2 1.3 3.2 4.1 4.2 4.3

# %%
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

iris = load_iris()
y = tf.keras.utils.to_categorical(iris.target)
X_train, X_test, y_train, y_test = train_test_split(iris.data[:, :2], y, test_size=0.3, random_state=42)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# %%
model_10 = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_10.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_10.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_10.evaluate(X_train, y_train, verbose=0)[1])

# %%
model_50 = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(50, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_50.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_50.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_50.evaluate(X_train, y_train, verbose=0)[1])

# %%
model_sigmoid = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="sigmoid", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_sigmoid.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_sigmoid.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_sigmoid.evaluate(X_train, y_train, verbose=0)[1])

# %%
import time

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train = tf.keras.utils.to_categorical(y_train, 10)
y_test = tf.keras.utils.to_categorical(y_test, 10)


def build(*between):
    model = tf.keras.Sequential([tf.keras.Input((784,))])
    for units in (128, 64):
        model.add(tf.keras.layers.Dense(units, activation="relu"))
        for rate in between:
            model.add(tf.keras.layers.Dropout(rate))
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model

# %%
model = build()
model.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy:", model.evaluate(x_train, y_train, verbose=0)[1])

# %%
for size in (16, 32, 64, 128):
    trial, begin = build(), time.time()
    trial.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    print(size, time.time() - begin, trial.evaluate(x_test, y_test, verbose=0)[1])
