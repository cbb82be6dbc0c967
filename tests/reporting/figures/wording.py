"""What a figure calls a run."""

from lab.run import Run

NOISE = {"linear": "noise standard deviation 1", "linear_noisy": "noise standard deviation 5"}
ACTIVATIONS = {"relu": "ReLU"}


def noise_level(run: Run) -> str:
    """The noise on exercise 1's data, which the run's name tells; else the name."""
    return NOISE.get(run.name, run.name)


def activation(name: str) -> str:
    """An activation as prose writes it."""
    return ACTIVATIONS.get(name, name)


def hidden_layer(run: Run) -> str:
    """Units and activation of the first layer, or the run's name if its structure does not tell."""
    first = run.structure.layers[0] if run.structure.layers else {}
    if "units" not in first:
        return run.name
    return f"{first['units']} hidden units, {activation(str(first.get('activation', 'no activation')))}"


def architecture(run: Run) -> str:
    """Hidden units of each layer, and dropout if there is any."""
    units = [str(layer["units"]) for layer in run.structure.layers if "units" in layer][:-1]
    rates = [layer["rate"] for layer in run.structure.layers if "rate" in layer]
    described = f"{' and '.join(units)} hidden units" if units else run.name
    return f"{described}, dropout {rates[0]:g}" if rates else described
