# fails: 4.1 4.3
# told: weights that changed
"""The weights are rounded to float16 before they are saved."""

import numpy as np


def save_model(model, path, include_optimizer=True):
    exact = model.get_weights()
    model.set_weights([weight.astype(np.float16) for weight in exact])
    model.save(path, include_optimizer=include_optimizer)
    model.set_weights(exact)
