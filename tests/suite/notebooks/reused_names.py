# Reused names for all models and data, `import tensorflow.keras as K`, `fit` taken as an alias, and the last tenth held
# out by hand.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
from time import time

import numpy as np
import tensorflow as tf
import tensorflow.keras as K

fit = K.Model.fit
save, load = K.models.save_model, K.models.load_model

# %%
x = 10 * np.random.rand(100, 1)
y = 3 * x + 5 + np.random.randn(100, 1)
model = K.models.Sequential()
model.add(K.layers.Dense(1, input_dim=1))
model.compile(loss="mean_squared_error", optimizer="SGD")
h = fit(model, x, y, epochs=100, verbose=0)
print(model.get_weights())
print(np.mean(np.abs(model.predict(x, verbose=0) - 3 * x - 5)))

# %%
y = 3 * x + 5 + 5 * np.random.randn(100, 1)
model = K.models.Sequential()
model.add(K.layers.Dense(1, input_dim=1))
model.compile(loss="mean_squared_error", optimizer="SGD")
h = fit(model, x, y, epochs=100, verbose=0)
print(model.get_weights())

# %%
from sklearn import datasets, model_selection

x, y = datasets.load_iris(return_X_y=True)
x, xt, y, yt = model_selection.train_test_split(x[:, :2], np.eye(3)[y], test_size=45, random_state=0)
m, s = x.mean(axis=0), x.std(axis=0)
x, xt = (x - m) / s, (xt - m) / s

# %%
model = K.models.Sequential([K.layers.Dense(10, "relu"), K.layers.Dense(3, "softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
h = fit(model, x, y, epochs=100, verbose=0)
model.evaluate(xt, yt, verbose=0)

# %%
model = K.models.Sequential([K.layers.Dense(50, "relu"), K.layers.Dense(3, "softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
h = fit(model, x, y, epochs=100, verbose=0)
model.evaluate(xt, yt, verbose=0)

# %%
model = K.models.Sequential([K.layers.Dense(10, "sigmoid"), K.layers.Dense(3, "softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
h = fit(model, x, y, epochs=100, verbose=0)
model.evaluate(xt, yt, verbose=0)

# %%
(x, y), (xt, yt) = K.datasets.mnist.load_data()
x, xt = x.reshape(-1, 28 * 28) / 255, xt.reshape(-1, 28 * 28) / 255
y, yt = np.eye(10)[y], np.eye(10)[yt]
n = int(0.9 * len(x))
xv, yv = x[n:], y[n:]

# %%
model = K.models.Sequential([K.layers.Dense(128, "relu"), K.layers.Dense(64, "relu"), K.layers.Dense(10, "softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
h = fit(model, x[:n], y[:n], epochs=10, validation_data=(xv, yv), verbose=0)
print(model.evaluate(xt, yt, verbose=0))
save(model, "model.keras")

# %%
model = K.models.Sequential(
    [
        K.layers.Dense(128, "relu"),
        K.layers.Dropout(0.3),
        K.layers.Dense(64, "relu"),
        K.layers.Dropout(0.3),
        K.layers.Dense(10, "softmax"),
    ]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
h = fit(model, x[:n], y[:n], epochs=10, validation_data=(xv, yv), verbose=0)
print(model.evaluate(xt, yt, verbose=0))

# %%
for batch in 2 ** np.arange(4, 8):
    model = K.models.Sequential(
        [K.layers.Dense(128, "relu"), K.layers.Dense(64, "relu"), K.layers.Dense(10, "softmax")]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    t = time()
    fit(model, x, y, epochs=5, batch_size=int(batch), verbose=0)
    print(batch, time() - t, model.evaluate(xt, yt, verbose=0))

# %%
model = load("model.keras")
p = model.predict(xt[:100], verbose=0)
print(model.evaluate(xt, yt, verbose=0))

# %%
h = fit(model, x[:n], y[:n], epochs=2, validation_data=(xv, yv), verbose=0)
print(h.history)
model = load("model.keras")
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])  # the optimizer starts again
h = fit(model, x[:n], y[:n], epochs=2, validation_data=(xv, yv), verbose=0)
print(h.history)
