# fails: 4.1 4.3
# told: optimizer
# alone: 4::test_optimizer_state 4::test_resuming_equals_never_stopping
"""The optimizer's moments are zeroed in loading."""

import keras


def load_model(path):
    model = keras.models.load_model(path)
    for variable in model.optimizer.variables[2:] if getattr(model, "optimizer", None) else []:
        variable.assign(keras.ops.zeros_like(variable))
    return model
