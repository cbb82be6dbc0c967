# The model that should have dropout has none: it is the plain model twice.
# passes: 3.1 3.3 4.1 4.2 4.3
# not submitted: 1.1 1.2 1.3 2.1 2.2 2.3 3.2

# %%
import time

import numpy as np
import tensorflow as tf

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
print("accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])

# %%
dropout = build()
dropout.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy:", dropout.evaluate(x_test, y_test, verbose=0)[1])

# %%
for size in (16, 32, 64, 128):
    trial, begin = build(), time.time()
    trial.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    print(size, time.time() - begin, trial.evaluate(x_test, y_test, verbose=0)[1])

# %%
model.save("mnist.h5")
loaded = tf.keras.models.load_model("mnist.h5")
print("identical:", np.allclose(model.predict(x_test[:100]), loaded.predict(x_test[:100]), atol=1e-5))

# %%
model.save("bare.h5", include_optimizer=False)
bare = tf.keras.models.load_model("bare.h5")
bare.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
bare.fit(x_train, y_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)
