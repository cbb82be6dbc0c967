# Only exercise 1, by hand-written loops with a GradientTape: one in plain Python, one as a tf.function.
# passes: 1.1 1.2 1.3
# not submitted: 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(5)
X = rng.uniform(0, 10, (100, 1)).astype(np.float32)
Y = (3 * X + 5 + rng.normal(0, 1, (100, 1))).astype(np.float32)

# %%
model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.SGD()
dataset = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(100).batch(32)
for epoch in range(100):
    for x_batch, y_batch in dataset:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y_batch - model(x_batch, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
print(model.get_weights())
print(np.abs(model(X) - (3 * X + 5)).mean())

# %%
Y_noisy = (3 * X + 5 + rng.normal(0, 5, (100, 1))).astype(np.float32)
noisy = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
sgd = tf.keras.optimizers.SGD()
mse = tf.keras.losses.MeanSquaredError()


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = mse(y, noisy(x, training=True))
    sgd.apply_gradients(zip(tape.gradient(loss, noisy.trainable_variables), noisy.trainable_variables))
    return loss


for epoch in range(100):
    for x_batch, y_batch in tf.data.Dataset.from_tensor_slices((X, Y_noisy)).shuffle(100).batch(32):
        step(x_batch, y_batch)
print(noisy.get_weights())
