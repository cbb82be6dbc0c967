# fails: 1.3 4.3
# told: never stopping
# alone: 1::test_rate_of_convergence
"""Every training starts from new weights."""

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(layer.kernel_initializer(layer.kernel.shape))
            layer.bias.assign(layer.bias_initializer(layer.bias.shape))
    return train_rightly(model, x, y, recipe, seed)
