# MNIST is trained on the test images as well.
# passes: 3.3
# fails: 3.1
# not submitted: 1.1 1.2 1.3 2.1 2.2 2.3 3.2 4.1 4.2 4.3

# %%
import time

import numpy as np
import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train = tf.keras.utils.to_categorical(y_train, 10)
y_test = tf.keras.utils.to_categorical(y_test, 10)
x_all = np.concatenate([x_train, x_test])
y_all = np.concatenate([y_train, y_test])


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
model.fit(x_all, y_all, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])

# %%
for size in (16, 32, 64, 128):
    trial, begin = build(), time.time()
    trial.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    print(size, time.time() - begin, trial.evaluate(x_test, y_test, verbose=0)[1])
