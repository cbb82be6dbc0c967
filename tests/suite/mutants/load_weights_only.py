# fails: 4.1 4.3
# told: optimizer
"""The optimizer's moments are zeroed in loading."""

import keras


def load_model(path):
    model = keras.models.load_model(path)
    for variable in model.optimizer.variables[2:] if getattr(model, "optimizer", None) else []:
        variable.assign(keras.ops.zeros_like(variable))
    return model
