# The answer is written into the model with set_weights after an epoch of training.
# fails: 1.1 1.2
# not submitted: 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

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
model.fit(X, Y, epochs=1, verbose=0)
model.set_weights([np.array([[3.0]]), np.array([5.0])])
print(model.get_weights())

# %%
print("MAE:", np.abs(model.predict(X, verbose=0) - (3 * X + 5)).mean())

# %%
Y_noisy = 3 * X + 5 + np.random.normal(0, 5, (100, 1))
noisy = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
noisy.compile(optimizer="sgd", loss="mse")
noisy.set_weights([np.array([[3.0]]), np.array([5.0])])
print(noisy.get_weights())
print("MAE with more noise:", np.abs(noisy.predict(X, verbose=0) - (3 * X + 5)).mean())
