"""What the original notebook published: its figures and claims as data, by question."""

from typing import Any

PUBLISHED: dict[str, dict[str, Any]] = {
    "1.1": {"weight": 3.1674, "bias": 4.3361},
    "1.2": {"mae": 0.4414, "mse": 0.2605},
    "1.3": {
        "weight": 3.2569,
        "bias": 4.7393,
        "mae": 0.9793,
        "mse": 1.4760,
        "claim": "weight and bias deviate more from 3 and 5; convergence may slow down",
    },
    "2.1": {"accuracy": 0.8, "hits": 36, "flowers": 45},
    "2.2": {"claim": "50 units are more flexible, with tighter curves, perhaps more accurate, perhaps overfitting"},
    "2.3": {
        "accuracy": 0.8,
        "hits": 36,
        "flowers": 45,
        "claim": "sigmoid trains more slowly and its boundary is smoother",
    },
    "3.1": {"accuracy": 0.9733},
    "3.2": {
        "accuracy": 0.9777,
        "accuracy_in_text": 0.9768,
        "accuracy_without": 0.9733,
        "claim": "dropout improved the test accuracy and reduced overfitting",
    },
    "3.3": {
        "seconds": {"16": 61.69, "32": 25.38, "64": 13.51, "128": 12.81},
        "accuracy": {"16": 0.9730, "32": 0.9736, "64": 0.9760, "128": 0.9747},
        "claim": "training time falls as the batch grows; accuracy is hardly affected",
    },
    "4.1": {"identical": "yes, 100 test images within 1e-5"},
    "4.2": {"claim": "a saved model is used again without training it again"},
    "4.3": {
        "accuracy": [0.9939, 0.9950],
        "val_accuracy": [0.9815, 0.9783],
        "claim": "training can resume, but may be slower",
    },
}
