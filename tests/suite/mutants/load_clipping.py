# fails: 4.1 (touches 4.3)
# told: configuration that changed
# alone: 4::test_configuration
"""The loaded model's optimizer clips its gradients (OCG)."""

from lab.persistence import load_model as load_rightly


def load_model(path):
    model = load_rightly(path)
    if getattr(model, "optimizer", None) is not None:
        model.optimizer.clipnorm = 1.0
    return model
