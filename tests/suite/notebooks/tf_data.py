# tf.data pipelines for Iris and MNIST, and a generator for the line.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import math
import time

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.random.set_seed(1)
np.random.seed(1)


# %%
def batches(x, y, size=32):
    while True:
        order = np.random.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            yield x[chosen], y[chosen]


x = np.random.rand(100, 1) * 10
y = 3 * x + 5 + np.random.normal(0, 1, (100, 1))
y_noisy = 3 * x + 5 + np.random.normal(0, 5, (100, 1))
line = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
line.compile("sgd", "mse")
line.fit(batches(x, y), steps_per_epoch=math.ceil(100 / 32), epochs=100, verbose=0)
noisy = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
noisy.compile("sgd", "mse")
noisy.fit(batches(x, y_noisy), steps_per_epoch=math.ceil(100 / 32), epochs=100, verbose=0)
print(line.get_weights(), noisy.get_weights())
print(np.mean((line.predict(x, verbose=0) - 3 * x - 5) ** 2))

# %%
flowers = load_iris()
a, b, c, d = train_test_split(flowers.data[:, :2], flowers.target, test_size=0.3, random_state=42)
scaler = StandardScaler().fit(a)
train = tf.data.Dataset.from_tensor_slices((scaler.transform(a), tf.one_hot(c, 3))).shuffle(105).batch(32)
test = tf.data.Dataset.from_tensor_slices((scaler.transform(b), tf.one_hot(d, 3))).batch(45)

# %%
for units, activation in [(10, "relu"), (50, "relu"), (10, "sigmoid")]:
    net = tf.keras.Sequential(
        [
            tf.keras.Input((2,)),
            tf.keras.layers.Dense(units, activation=activation),
            tf.keras.layers.Dense(3, activation="softmax"),
        ]
    )
    net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    net.fit(train, epochs=100, validation_data=test, verbose=0)
    print(units, activation, net.evaluate(test, verbose=0))

# %%
(images, labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()


def prepared(images, labels):
    pixels = tf.cast(tf.reshape(images, (-1, 784)), tf.float32) / 255.0
    return tf.data.Dataset.from_tensor_slices((pixels, tf.one_hot(labels, 10)))


n = int(len(images) * 0.9)
everything = prepared(images, labels)
training, validation = everything.take(n), everything.skip(n).batch(32)
testing = prepared(test_images, test_labels).batch(128)


def digits(rate=0):
    net = tf.keras.Sequential([tf.keras.Input((784,))])
    for units in (128, 64):
        net.add(tf.keras.layers.Dense(units, activation="relu"))
        if rate:
            net.add(tf.keras.layers.Dropout(rate))
    net.add(tf.keras.layers.Dense(10, activation="softmax"))
    net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return net


# %%
mnist = digits()
mnist.fit(training.shuffle(n).batch(32).prefetch(2), epochs=10, validation_data=validation, verbose=0)
print(mnist.evaluate(testing, verbose=0))

# %%
mnist_dropout = digits(0.3)
mnist_dropout.fit(training.shuffle(n).batch(32).prefetch(2), epochs=10, validation_data=validation, verbose=0)
print(mnist_dropout.evaluate(testing, verbose=0))

# %%
for size in (16, 32, 64, 128):
    net = digits()
    begin = time.time()
    net.fit(everything.shuffle(len(images)).batch(size), epochs=5, verbose=0)
    print(size, time.time() - begin, net.evaluate(testing, verbose=0))

# %%
mnist.save("mnist.keras")
mnist.save("bare.h5", include_optimizer=False)
loaded = tf.keras.models.load_model("mnist.keras")
print(np.abs(mnist.predict(testing, verbose=0) - loaded.predict(testing, verbose=0)).max())

# %%
loaded.fit(training.shuffle(n).batch(32), epochs=2, validation_data=validation, verbose=0)
bare = tf.keras.models.load_model("bare.h5")
bare.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
bare.fit(training.shuffle(n).batch(32), epochs=2, validation_data=validation, verbose=0)
