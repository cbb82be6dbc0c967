"""The benchmark: its ratios, its table, its comparison with an earlier one, and its command line."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import processes, split
from tests.benchmarks.__main__ import main
from tests.benchmarks.comparison import Row, by_turns
from tests.benchmarks.growth import Growth, growth, plot
from tests.benchmarks.report import Outcome, as_json, missed, slower_than, table, write

ROW = Row("pytest", "the notebook", (1.0, 2.0, 4.0), (6.0, 12.0, 20.0), 5, 8)


class TestComparison:
    """Two ways of doing the same."""

    @pytest.mark.parametrize(("required", "aim", "verdict"), [(5, 8, "met"), (5, 6, "aim reached"), (6.1, 8, "MISSED")])
    def test_verdict(self, required: float, aim: float, verdict: str) -> None:
        """The ratio is the median of the rounds' own, so a round that was slow for both does not count more."""
        row = Row("pytest", "the notebook", ROW.ours, ROW.theirs, required, aim)
        assert (row.ratio, row.verdict) == (6, verdict)

    def test_by_turns(self) -> None:
        """Each is measured once a round, and each is first in half of them."""
        order: list[str] = []

        def measure(name: str) -> Callable[[], float]:
            return lambda: order.append(name) or float(len(order))  # type: ignore[func-returns-value]

        assert by_turns(measure("ours"), measure("theirs"), 2) == ((1, 4), (2, 3))
        assert order == ["ours", "theirs", "theirs", "ours"]


class TestProcesses:
    """Whole processes."""

    def test_cost(self, tmp_path: Path) -> None:
        """A process that sleeps and holds memory costs both."""
        program = "import time; held = bytearray(100_000_000); time.sleep(0.1)"
        cost = processes.cost_of([sys.executable, "-c", program], tmp_path)
        assert 0.1 <= cost.seconds < 10
        assert cost.megabytes > 100

    def test_failure_is_told(self, tmp_path: Path) -> None:
        """What failed is no measurement: its command, status and last line are told."""
        command = [sys.executable, "-c", "import sys; print('no MNIST'); sys.exit(3)"]
        with pytest.raises(processes.FailedProcessError, match="ended with 3: no MNIST"):
            processes.cost_of(command, tmp_path)


class TestSplit:
    """Where a session's time goes."""

    @pytest.fixture(autouse=True)
    def nothing_spent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(split, "spent", dict.fromkeys(("outer", "inner"), 0.0))

    def test_parts_within_count_for_themselves(self) -> None:
        """The parts add up to the whole."""
        start = time.perf_counter()
        with split.part("outer"):
            time.sleep(0.02)
            split.counted("inner", time.sleep)(0.05)
        whole = time.perf_counter() - start
        assert split.spent["inner"] >= 0.05
        assert split.spent["outer"] < whole - 0.05
        assert sum(split.spent.values()) == pytest.approx(whole, abs=0.01)


class TestGrowth:
    """How the cost grows."""

    def test_line(self) -> None:
        """Seconds on a line give it back."""
        found = growth("images", {number: lambda n=number: 1 + 2 * n for number in (1.0, 2.0, 4.0)}, 3)  # type: ignore[misc]
        assert (found.fixed, found.each, found.r_squared) == pytest.approx((1, 2, 1))

    def test_plot(self) -> None:
        """The plot is a PNG file."""
        assert plot([Growth("images", (1, 2), (3, 5), 1, 2)]).startswith(b"\x89PNG")


class TestReport:
    """What is printed and written."""

    OUTCOME = Outcome(
        [ROW], {"2_iris": 3.0}, {"training": 3.0, "reports": 1.0}, [Growth("images", (1, 2), (3, 5), 1, 2)]
    )

    def test_table(self) -> None:
        """Each row, each part's share, and each line."""
        text = table(self.OUTCOME)
        for told in ("pytest", "2 s", "12 s", "6.00", "met", "75%", "seconds = 1 + 2 x images"):
            assert told in text

    @pytest.mark.tensorflow
    def test_written(self, tmp_path: Path) -> None:
        """JSON with the machine and its versions, and the plot beside it."""
        write(self.OUTCOME, tmp_path / "speed.json")
        written = json.loads((tmp_path / "speed.json").read_text("utf-8"))
        assert {path.name for path in tmp_path.iterdir()} == {"speed.json", "speed.png"}
        assert (written["rows"][0]["ratio"], written["split"]["training"]) == (6, 3)
        assert {"date", "cores", "threads", "tensorflow", "keras", "numpy"} <= set(written["machine"])

    @pytest.mark.parametrize(("ratio", "count"), [(6.0, 0), (7.0, 0), (8.0, 1)], ids=["same", "noise", "slower"])
    @pytest.mark.tensorflow
    def test_slower(self, tmp_path: Path, ratio: float, count: int) -> None:
        """A row that was clearly faster before is told; ratios compare across machines, seconds do not."""
        earlier = tmp_path / "earlier.json"
        earlier.write_text(as_json(self.OUTCOME).replace('"ratio": 6.0', f'"ratio": {ratio}'), encoding="utf-8")
        assert len(slower_than(earlier, self.OUTCOME)) == count

    @pytest.mark.parametrize("text", ["", "{}", '{"rows": [{}]}', "[]"])
    def test_other_json(self, tmp_path: Path, text: str) -> None:
        """A file of something else is one clear line."""
        earlier = tmp_path / "other.json"
        earlier.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"other\.json: it is no JSON of this benchmark"):
            slower_than(earlier, self.OUTCOME)

    def test_missed(self) -> None:
        """What misses its promise is named."""
        assert missed([ROW, Row("slow", "fast", (2.0,), (1.0,), 1, 1)]) == ["slow, against fast"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--mnist is missing"),
        (["--mnist", "nowhere.npz"], "nowhere.npz: there is no such file"),
        (["--mnist", __file__, "--rounds", "0"], "--rounds is 0"),
        (["--mnist", __file__, "--only", "nothing"], "invalid choice"),
    ],
)
def test_wrong_arguments(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear line, and nothing is measured."""
    monkeypatch.delenv("LAB_MNIST", raising=False)
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert told in capsys.readouterr().err
