# Training is resumed on the model loaded from `.h5` without compiling it, which Keras 3 refuses, then on one without an
# optimizer; the trained model itself goes on as well. Only exercises 3.1 and 4.
# passes: 3.1 4.1 4.2 4.3
# not submitted: 1.1 1.2 1.3 2.1 2.2 2.3 3.2 3.3

# %%
import numpy as np
import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = x_train.reshape(-1, 784) / 255.0, x_test.reshape(-1, 784) / 255.0
y_train, y_test = tf.one_hot(y_train, 10), tf.one_hot(y_test, 10)

# %%
model = tf.keras.Sequential(
    [
        tf.keras.layers.Input(shape=(784,)),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
n = int(0.9 * len(x_train))
x_val, y_val = x_train[n:], y_train[n:]
model.fit(x_train[:n], y_train[:n], epochs=10, validation_data=(x_val, y_val), verbose=0)
model.evaluate(x_test, y_test, verbose=0)

# %%
model.save("model.h5")
loaded = tf.keras.models.load_model("model.h5")
np.allclose(model.predict(x_test[:100], verbose=0), loaded.predict(x_test[:100], verbose=0), atol=1e-5)

# %%
model.save("model_no_opt.h5", include_optimizer=False)
loaded_no_opt = tf.keras.models.load_model("model_no_opt.h5")
loaded_no_opt.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])

# %%
loaded.fit(x_train[:n], y_train[:n], epochs=2, validation_data=(x_val, y_val), verbose=0)

# %%
h = loaded_no_opt.fit(x_train[:n], y_train[:n], epochs=2, validation_data=(x_val, y_val), verbose=0)
print(h.history)

# %%
h = model.fit(x_train[:n], y_train[:n], epochs=2, validation_data=(x_val, y_val), verbose=0)
print(h.history)
