"""The oracle against finite differences, closed forms, scikit-learn and Keras."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from lab.datasets import iris_data, line_data
from tests.reference.oracle import (
    Floats,
    Network,
    Parameters,
    adam_start,
    adam_step,
    glorot_uniform,
    gradients,
    loss_of,
    predict,
    sgd_step,
)

LINE = Network(("linear",), "mse")
IRIS = Network(("relu", "softmax"), "categorical_crossentropy")
NETWORKS = [Network((hidden, "linear"), "mse") for hidden in ("linear", "relu", "sigmoid", "tanh", "softmax")] + [
    Network(("tanh", last), "mse") for last in ("relu", "sigmoid", "tanh", "softmax")
]
NETWORKS += [
    Network((hidden, "softmax"), "categorical_crossentropy")
    for hidden in ("linear", "relu", "sigmoid", "tanh", "softmax")
]


def small_problem(replicas: int = 2) -> tuple[Parameters, Floats, Floats]:
    """Parameters of 3-4-2 networks with random biases, inputs (7, 3) and one-hot targets (7, 2)."""
    generator = np.random.default_rng(0)
    parameters = tuple(
        values + generator.normal(0, 0.3, values.shape) for values in glorot_uniform((3, 4, 2), replicas, generator)
    )
    return parameters, generator.normal(size=(7, 3)), np.eye(2)[generator.integers(0, 2, 7)]


def by_differences(network: Network, parameters: Parameters, x: Floats, y: Floats, step: float = 1e-6) -> Parameters:
    """The gradient by central differences: (loss(w + step) - loss(w - step)) / (2 step) for each number in turn."""
    slopes = []
    for position, values in enumerate(parameters):
        slope = np.zeros_like(values)
        for index in np.ndindex(values.shape[1:]):
            sides = []
            for signed in (step, -step):
                moved = values.copy()
                moved[(slice(None), *index)] += signed
                changed = (*parameters[:position], moved, *parameters[position + 1 :])
                sides.append(loss_of(network, predict(network, changed, x), y))
            slope[(slice(None), *index)] = (sides[0] - sides[1]) / (2 * step)
        slopes.append(slope)
    return tuple(slopes)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda it: f"activations={'-'.join(it.activations)},loss={it.loss}")
def test_backpropagation_gives_the_slope_of_the_loss(network: Network) -> None:
    """Every gradient agrees with central differences, whose own error is about 1e-10."""
    parameters, x, y = small_problem()
    _, slopes = gradients(network, parameters, x, y)
    for slope, expected in zip(slopes, by_differences(network, parameters, x, y), strict=True):
        np.testing.assert_allclose(slope, expected, rtol=0, atol=1e-8)


def test_loss_beside_the_gradient_is_the_loss_of_the_predictions() -> None:
    """`gradients` returns the loss before the step."""
    parameters, x, y = small_problem()
    loss, _ = gradients(IRIS, parameters, x, y)
    np.testing.assert_array_equal(loss, loss_of(IRIS, predict(IRIS, parameters, x), y))


def test_cross_entropy_without_a_softmax_is_refused() -> None:
    """The oracle knows no cross-entropy of anything but probabilities."""
    with pytest.raises(ValueError, match="needs a softmax"):
        Network(("relu", "sigmoid"), "categorical_crossentropy")


def test_gradient_descent_ends_at_least_squares() -> None:
    """A linear unit trained on all the points together converges to NumPy's least squares."""
    x, y = line_data()
    weight, bias = glorot_uniform((1, 1), 1, np.random.default_rng(0))
    for _ in range(3000):  # the slower direction shrinks by 0.99 a step
        weight, bias = sgd_step((weight, bias), gradients(LINE, (weight, bias), x, y)[1], rate=0.02)
    expected, *_ = np.linalg.lstsq(np.hstack([x, np.ones_like(x)]), y, rcond=None)
    np.testing.assert_allclose([weight.item(), bias.item()], expected.ravel(), rtol=1e-9)


def test_softmax_regression_ends_where_scikit_learn_does() -> None:
    """Without a penalty, softmax regression and scikit-learn's LogisticRegression predict the same probabilities.

    The labels are random, so that the classes overlap and the maximum of the likelihood is finite.
    """
    generator = np.random.default_rng(0)
    x, labels = generator.normal(size=(90, 2)), generator.integers(0, 3, 90)
    network = Network(("softmax",), "categorical_crossentropy")
    parameters = glorot_uniform((2, 3), 1, generator)
    for _ in range(500):
        parameters = sgd_step(parameters, gradients(network, parameters, x, np.eye(3)[labels])[1], rate=1.0)
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(x, labels)
    np.testing.assert_allclose(predict(network, parameters, x)[0], peer.predict_proba(x), atol=1e-7)


def test_first_step_of_adam_is_nearly_the_rate() -> None:
    """For a slope g the first step is rate * g / (|g| + epsilon / sqrt(1 - beta_2)), calculated by hand.

    mean = 0.1 g, square = 0.001 g², alpha = 0.001 sqrt(0.001) / 0.1; with g = 2e-6 the step is 0.000387426.
    """
    parameters = (np.array([1.0]),)
    (moved,), _ = adam_step(parameters, (np.array([2e-6]),), adam_start(parameters))
    np.testing.assert_allclose(1 - moved, 0.001 * 2e-6 / (2e-6 + 1e-7 / np.sqrt(0.001)), rtol=1e-9)


def test_second_step_of_adam() -> None:
    """The step after slopes 1 and 3, when the mean is 0.39 and the square 0.009999, is as calculated by hand."""
    parameters = (np.array([0.0]),)
    first, state = adam_step(parameters, (np.array([1.0]),), adam_start(parameters))
    (second,), _ = adam_step(first, (np.array([3.0]),), state)
    by_hand = 0.001 * np.sqrt(0.001999) / 0.19 * 0.39 / (np.sqrt(0.009999) + 1e-7)
    np.testing.assert_allclose(first[0] - second, by_hand, rtol=1e-12)


def test_glorot_kernels_fill_their_interval() -> None:
    """Initial kernels are uniform within sqrt(6 / (inputs + units)), and biases are zero."""
    kernel, bias = glorot_uniform((2, 10), 2000, np.random.default_rng(0))
    limit = np.sqrt(6 / 12)
    assert 0.999 * limit < np.abs(kernel).max() <= limit
    np.testing.assert_allclose(kernel.std(), limit / np.sqrt(3), rtol=0.01)  # 40,000 draws: sd known to 0.3 %
    assert not bias.any()


@pytest.mark.tensorflow
def test_keras_takes_the_same_steps_on_iris() -> None:
    """From Keras's own weights, five Adam steps agree with Keras within float32's rounding.

    The distance is relative to how far the weights moved; right subjects measure about 1e-5, wrong ones above 1e-3.
    """
    from lab.models import iris_classifier

    x, y, *_ = iris_data()
    model = iris_classifier()
    start: Parameters = tuple(np.asarray(values, np.float64) for values in model.get_weights())
    parameters, state = start, adam_start(start)
    for first in range(0, 100, 20):
        batch = slice(first, first + 20)
        model.train_on_batch(x[batch], y[batch])
        parameters, state = adam_step(parameters, gradients(IRIS, parameters, x[batch], y[batch])[1], state)
    apart = [(a - b).ravel() for a, b in zip(parameters, model.get_weights(), strict=True)]
    moved = [(a - b).ravel() for a, b in zip(parameters, start, strict=True)]
    assert np.linalg.norm(np.concatenate(apart)) < 1e-4 * np.linalg.norm(np.concatenate(moved))
