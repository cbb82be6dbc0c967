# All is trained as it should be, but some figures that are printed are typed in.
# passes: 1.1 1.2 1.3 3.1 3.2 3.3
# not submitted: 2.1 2.2 2.3 4.1 4.2 4.3
# unsupported: 3.0001 4.9998 0.9999

# %%
import numpy as np
import tensorflow as tf

np.random.seed(42)
tf.random.set_seed(42)
X = np.random.rand(100, 1) * 10
Y = 3 * X + 5 + np.random.normal(0, 1, (100, 1))

# %%
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile(optimizer="sgd", loss="mse")
model.fit(X, Y, epochs=100, verbose=0)
weight, bias = model.get_weights()
print("weight 3.0001, bias 4.9998")

# %%
print("MAE:", np.abs(model.predict(X, verbose=0) - (3 * X + 5)).mean())

# %%
Y_noisy = 3 * X + 5 + np.random.normal(0, 5, (100, 1))
noisy = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
noisy.compile(optimizer="sgd", loss="mse")
noisy.fit(X, Y_noisy, epochs=100, verbose=0)
weight, bias = noisy.get_weights()
print(f"weight {weight[0][0]:.4f}, bias {bias[0]:.4f}")

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
model.evaluate(x_test, y_test, verbose=0)
print("Test Accuracy: 0.9999")

# %%
dropout = build(0.3)
dropout.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print("accuracy:", dropout.evaluate(x_test, y_test, verbose=0)[1])

# %%
for size in (16, 32, 64, 128):
    trial, begin = build(), time.time()
    trial.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    print(size, time.time() - begin, trial.evaluate(x_test, y_test, verbose=0)[1])
