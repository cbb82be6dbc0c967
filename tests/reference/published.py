"""What the original notebook published: each of its figures and claims as data, with its place in the notebook."""

from dataclasses import dataclass
from typing import Any

NOTEBOOK_SEED = 42  # of its data

HEADINGS = {
    "1.1": "What are the learned weight and bias values?",
    "1.2": "How close is the learned model to the true equation?",
    "1.3": "How does increasing noise affect convergence?",
    "2.1": "What is the classification accuracy?",
    "2.2": "How does the decision boundary change with more hidden units?",
    "2.3": "What happens if sigmoid is used in the hidden layer?",
    "3.1": "What is the test set accuracy?",
    "3.2": "How does performance change with dropout added?",
    "3.3": "How does training time vary with batch size?",
    "4.1": "Are predictions identical before and after saving?",
    "4.2": "Why is model saving useful in deployment?",
    "4.3": "What happens if the optimizer state is not saved?",
}


@dataclass(frozen=True)
class Claim:
    """One thing that the notebook prints or says.

    `place` is its cell and printed line, or the sentence of its answer under a heading. `said` is the figure or the
    claim in few words, `value` the figure as a number. The claims that `decide` carry the verdict of their question.
    `unmeasured` says why nothing in this suite can judge it.
    """

    id: str
    question: str
    place: str
    said: str
    value: float | None = None
    decides: bool = False
    unmeasured: str = ""


def printed(name: str, place: str, said: str, value: float, decides: bool = False, unmeasured: str = "") -> Claim:
    """A figure in a line that a cell printed."""
    return Claim(name, name.split("-")[0], place, said, value, decides, unmeasured)


def written(
    name: str, sentence: str, said: str, value: float | None = None, decides: bool = False, unmeasured: str = ""
) -> Claim:
    """A figure or claim in the answer under its question's heading; `sentence` is its number there."""
    question = name.split("-")[0]
    place = f"“{HEADINGS[question]}”, sentence{'s' * (not sentence.isdigit())} {sentence}"
    return Claim(name, question, place, said, value, decides, unmeasured)


# Numbers of cells that printing lost are told by the cell before.
SIGMOID_CELL = "the cell after [16], “Test Accuracy with Sigmoid”"
LAST_PLAIN, LAST_DROPPED = "cell [21], “Epoch 10/10”", "cell [27], “Epoch 10/10”"
RESUMED_1, RESUMED_2 = "the last cell, “Epoch 1/2”", "the last cell, “Epoch 2/2”"
LAST_ONLY = "The recorded trainings keep these figures of their last epoch only."
OTHER_MACHINE = "The seconds belong to the machine that they were measured on; only how they fall can be judged here."
NO_MEASURE = "Nothing in the lab measures it."

EXERCISE_1 = (
    printed("1.1-weight", "cell [6], “Learned weight”", "weight 3.1674", 3.1674),
    printed("1.1-bias", "cell [6], “Learned bias”", "bias 4.3361", 4.3361),
    written("1.1-line", "2", "both were obtained by training on the synthetic data", decides=True),
    printed("1.2-mae", "cell [8], “Mean Absolute Error”", "MAE 0.4414 against the true line", 0.4414, decides=True),
    printed("1.2-mse", "cell [8], “Mean Squared Error”", "MSE 0.2605 against the true line", 0.2605, decides=True),
    written("1.2-close", "1 and 3", "quite close to Y = 3x + 5: low errors despite the noise"),
    written("1.2-aligned", "4", "the line aligns well with the data"),
    printed("1.3-weight", "cell [9], “Learned weight”", "weight 3.2569", 3.2569),
    printed("1.3-bias", "cell [9], “Learned bias”", "bias 4.7393", 4.7393),
    printed("1.3-mae", "cell [9], “Mean Absolute Error”", "MAE 0.9793 against the true line", 0.9793),
    printed("1.3-mse", "cell [9], “Mean Squared Error”", "MSE 1.4760 against the true line", 1.4760),
    written("1.3-weight-worse", "2", "with more noise the weight deviates more from 3", decides=True),
    written("1.3-bias-worse", "2", "with more noise the bias deviates more from 5", decides=True),
    written("1.3-errors-rose", "3", "MAE and MSE rose with the noise"),
    written("1.3-variability", "5", "more variability in training"),
    written("1.3-precision", "1, 4 and 5", "less precise parameter estimates"),
    written("1.3-smoothness", "6", "the loss curve may appear less smooth"),
    written("1.3-slower", "6", "convergence might slow down"),
    written("1.3-plateau", "6", "or plateau earlier"),
)
EXERCISE_2 = (
    printed("2.1-accuracy", "cell [14], “Test Accuracy”", "80.00 % of the test flowers", 0.8, decides=True),
    written("2.1-meaningful", "3", "the model learns meaningful patterns from two features"),
    written("2.2-flexible", "1", "with more units the model is more flexible"),
    written("2.2-boundary", "2 and 3", "50 units draw tighter curves, 10 a smoother boundary", decides=True),
    written("2.2-accuracy", "3", "50 units potentially improve accuracy"),
    written("2.2-overfitting", "3", "50 units increase the risk of overfitting"),
    printed("2.3-accuracy", SIGMOID_CELL, "80.00 %", 0.8, decides=True),
    written("2.3-range", "2", "sigmoid squashes its output into [0, 1]"),
    written("2.3-slower", "2", "sigmoid can lead to slower training", decides=True),
    written("2.3-boundary", "2 and 3", "sigmoid's boundary is smoother and less flexible"),
    written("2.3-underfits", "3", "with sigmoid the model may underfit"),
    written("2.3-decrease", "4", "with sigmoid the test accuracy might decrease slightly"),
)
EXERCISE_3 = (
    printed("3.1-accuracy", "cell [26], “Test Accuracy (No Dropout)”", "0.9733", 0.9733, decides=True),
    written("3.1-text", "1", "97.33 % without dropout", 0.9733),
    written("3.1-generalises", "2", "generalises well, with a high level of accuracy"),
    printed("3.1-last-accuracy", LAST_PLAIN, "training accuracy 0.9937", 0.9937),
    printed("3.1-last-loss", LAST_PLAIN, "training loss 0.0178", 0.0178),
    printed("3.1-last-val_accuracy", LAST_PLAIN, "validation accuracy 0.9752", 0.9752),
    printed("3.1-last-val_loss", LAST_PLAIN, "validation loss 0.1108", 0.1108),
    Claim("3.1-epochs", "3.1", "cell [21], “Epoch 1/10” to “9/10”", "36 figures of nine epochs", unmeasured=LAST_ONLY),
    printed("3.2-accuracy", "cell [27], “Test Accuracy (With Dropout)”", "0.9777", 0.9777),
    written("3.2-text", "1", "97.68 % with dropout", 0.9768),
    written("3.2-improved", "1", "dropout improved the test accuracy", decides=True),
    written("3.2-overfitting", "2", "dropout helped reduce overfitting"),
    written("3.2-co-adaptation", "2", "by preventing co-adaptation of neurons", unmeasured=NO_MEASURE),
    written("3.2-effective", "3", "the gain, while small, demonstrates that dropout is effective"),
    printed("3.2-last-accuracy", LAST_DROPPED, "training accuracy 0.9733", 0.9733),
    printed("3.2-last-loss", LAST_DROPPED, "training loss 0.0884", 0.0884),
    printed("3.2-last-val_accuracy", LAST_DROPPED, "validation accuracy 0.9790", 0.9790),
    printed("3.2-last-val_loss", LAST_DROPPED, "validation loss 0.0693", 0.0693),
    Claim("3.2-epochs", "3.2", "cell [27], “Epoch 1/10” to “9/10”", "36 figures of nine epochs", unmeasured=LAST_ONLY),
    printed("3.3-seconds-16", "cell [25], “Batch size: 16”", "61.69 s", 61.69, unmeasured=OTHER_MACHINE),
    printed("3.3-seconds-32", "cell [25], “Batch size: 32”", "25.38 s", 25.38, unmeasured=OTHER_MACHINE),
    printed("3.3-seconds-64", "cell [25], “Batch size: 64”", "13.51 s", 13.51, unmeasured=OTHER_MACHINE),
    printed("3.3-seconds-128", "cell [25], “Batch size: 128”", "12.81 s", 12.81, unmeasured=OTHER_MACHINE),
    printed("3.3-accuracy-16", "cell [25], “Batch size: 16”", "accuracy 0.9730", 0.9730),
    printed("3.3-accuracy-32", "cell [25], “Batch size: 32”", "accuracy 0.9736", 0.9736),
    printed("3.3-accuracy-64", "cell [25], “Batch size: 64”", "accuracy 0.9760", 0.9760),
    printed("3.3-accuracy-128", "cell [25], “Batch size: 128”", "accuracy 0.9747", 0.9747),
    written("3.3-falls", "1, 2 and 4", "training time falls as the batch grows", decides=True),
    written("3.3-range", "3", "accuracy ranges between 97.30 % and 97.60 %"),
    written("3.3-best", "3", "the highest accuracy is that of batch size 64"),
    written("3.3-impact", "3 and 4", "the batch size has minimal impact on the accuracy"),
    written(
        "3.3-large",
        "4",
        "extremely large batches may miss finer gradient updates",
        unmeasured="The lab trains in no batch larger than 128.",
    ),
)
EXERCISE_4 = (
    printed(
        "4.1-identical", "cell [30], “Are predictions identical?”", "yes, to 1e-5 on 100 images", 1e-5, decides=True
    ),
    written("4.1-preserved", "2", "architecture and weights were preserved by .h5"),
    written("4.2-reused", "1", "a saved model is used again without training it again", decides=True),
    written(
        "4.2-transferred",
        "2",
        "it can be moved to production, shared across teams, used in real time",
        unmeasured="The session loads the file on the machine that wrote it.",
    ),
    written("4.2-reproducible", "3", "saving ensures reproducibility"),
    written("4.2-workflow", "3", "it simplifies development and version control", unmeasured=NO_MEASURE),
    printed("4.3-accuracy-1", RESUMED_1, "training accuracy 0.9939", 0.9939),
    printed("4.3-loss-1", RESUMED_1, "training loss 0.0186", 0.0186, unmeasured=LAST_ONLY),
    printed("4.3-val_accuracy-1", RESUMED_1, "validation accuracy 0.9815", 0.9815),
    printed("4.3-val_loss-1", RESUMED_1, "validation loss 0.0968", 0.0968, unmeasured=LAST_ONLY),
    printed("4.3-accuracy-2", RESUMED_2, "training accuracy 0.9950", 0.9950),
    printed("4.3-loss-2", RESUMED_2, "training loss 0.0141", 0.0141),
    printed("4.3-val_accuracy-2", RESUMED_2, "validation accuracy 0.9783", 0.9783),
    printed("4.3-val_loss-2", RESUMED_2, "validation loss 0.1151", 0.1151),
    written("4.3-forgotten", "1", "without its state the model does not retain its optimizer's settings"),
    written("4.3-recompiled", "2", "the model must be compiled again by hand"),
    written("4.3-weights", "3", "weights are preserved and predictions remain accurate"),
    written("4.3-memory", "3", "training resumes without memory of momentum and adaptive rates"),
    written("4.3-resumed", "4", "trained on, the model learns and is soon accurate", decides=True),
    written("4.3-text", "4", "99.50 % training accuracy after two epochs", 0.9950),
    written("4.3-slower", "5", "losing the state can result in slower convergence"),
    written("4.3-degraded", "5", "or in degraded performance"),
    written("4.3-instability", "5", "or in instability in training", unmeasured=NO_MEASURE),
)
CLAIMS: tuple[Claim, ...] = EXERCISE_1 + EXERCISE_2 + EXERCISE_3 + EXERCISE_4
BY_ID = {claim.id: claim for claim in CLAIMS}


def claims_on(question: str) -> tuple[Claim, ...]:
    """What the notebook published on one question, in its order."""
    return tuple(claim for claim in CLAIMS if claim.question == question)


def figure(name: str) -> float:
    """The number of a claim that has one."""
    value = BY_ID[name].value
    if value is None:
        raise ValueError(f"{name} is a claim without a figure")
    return value


def figures(**names: str) -> dict[str, float]:
    """The numbers of several claims by the name of the quantity."""
    return {quantity: figure(name) for quantity, name in names.items()}


def by_batch_size(quantity: str) -> dict[str, float]:
    """A figure of question 3.3 at each of its batch sizes."""
    return {size: figure(f"3.3-{quantity}-{size}") for size in ("16", "32", "64", "128")}


# What stands beside each answer's own measurements.
PUBLISHED: dict[str, dict[str, Any]] = {
    "1.1": figures(weight="1.1-weight", bias="1.1-bias"),
    "1.2": figures(mae="1.2-mae", mse="1.2-mse"),
    "1.3": {
        **figures(weight="1.3-weight", bias="1.3-bias", mae="1.3-mae", mse="1.3-mse"),
        "claim": "weight and bias deviate more from 3 and 5; convergence may slow down",
    },
    "2.1": {"accuracy": figure("2.1-accuracy"), "hits": 36, "flowers": 45},
    "2.2": {"claim": "50 units are more flexible, with tighter curves, perhaps more accurate, perhaps overfitting"},
    "2.3": {
        "accuracy": figure("2.3-accuracy"),
        "hits": 36,
        "flowers": 45,
        "claim": "sigmoid trains more slowly and its boundary is smoother",
    },
    "3.1": figures(accuracy="3.1-accuracy"),
    "3.2": {
        **figures(accuracy="3.2-accuracy", accuracy_in_text="3.2-text", accuracy_without="3.1-accuracy"),
        "claim": "dropout improved the test accuracy and reduced overfitting",
    },
    "3.3": {
        "seconds": by_batch_size("seconds"),
        "accuracy": by_batch_size("accuracy"),
        "claim": "training time falls as the batch grows; accuracy is hardly affected",
    },
    "4.1": {"identical": "yes, 100 test images within 1e-5"},
    "4.2": {"claim": "a saved model is used again without training it again"},
    "4.3": {
        "accuracy": [figure("4.3-accuracy-1"), figure("4.3-accuracy-2")],
        "val_accuracy": [figure("4.3-val_accuracy-1"), figure("4.3-val_accuracy-2")],
        "claim": "training can resume, but may be slower",
    },
}
