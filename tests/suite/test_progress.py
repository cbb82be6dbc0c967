"""Live lines appear on a terminal, late and one at a time, and nowhere else."""

import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lab import progress
from lab.progress import BelowCursor, Task, bar, titled

DELAY = 0.02  # s, in place of the 2 s that people are given
ERASED = "\r\x1b[K"


@pytest.fixture(autouse=True)
def lines_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines appear after 0.02 s and are drawn anew every 0.01 s; restores the module's own times."""
    monkeypatch.setattr(progress, "DELAY", DELAY)
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    monkeypatch.setenv("TERM", "xterm")


class Screen(io.StringIO):
    """A terminal as far as a line can tell; what was written stays readable."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def wait_for(self, text: str) -> None:
        """Return once `text` was written; fail after 2 s."""
        end = time.monotonic() + 2
        while text not in self.getvalue():
            assert time.monotonic() < end, f"{text!r} is not in {self.getvalue()!r}"
            time.sleep(0.002)


@dataclass
class PseudoTerminal:
    """A real terminal device: `stream` is what a program writes to, `read` what then reaches the screen."""

    stream: io.TextIOWrapper
    screen: int

    def read(self) -> str:
        return os.read(self.screen, 1 << 16).decode()


@pytest.fixture
def pseudo_terminal() -> Iterator[PseudoTerminal]:
    screen, program = pytest.importorskip("pty", reason="this system has no pseudo-terminals").openpty()
    with os.fdopen(program, "w", encoding="utf-8") as stream:
        yield PseudoTerminal(stream, screen)
    os.close(screen)


def test_a_title_shows_its_name_and_the_time_on_a_terminal(pseudo_terminal: PseudoTerminal) -> None:
    """A subject that reports nothing still shows that it is alive."""
    with titled("iris_relu10", pseudo_terminal.stream):
        assert pseudo_terminal.read() == "\riris_relu10  00:00\x1b[K"


def test_the_line_is_erased_at_the_end(pseudo_terminal: PseudoTerminal) -> None:
    """Nothing stays on the screen once the work is done."""
    with titled("iris_relu10", pseudo_terminal.stream):
        pseudo_terminal.read()
    assert pseudo_terminal.read() == ERASED


def test_the_line_is_erased_after_an_error() -> None:
    """An error's own words start on a clean row."""
    screen = Screen()

    def interrupted() -> None:
        with titled("iris_relu10", screen):
            screen.wait_for("iris_relu10")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert screen.getvalue().endswith(ERASED)


def test_quick_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends before `DELAY` never flashes up."""
    monkeypatch.setattr(progress, "DELAY", 60)
    screen = Screen()
    with titled("linear", screen), bar("training", 1, "epoch") as line:
        line.update()
    assert screen.getvalue() == ""


@pytest.mark.parametrize("stream", [io.StringIO(), None], ids=["a_file", "no_stream"])
def test_nothing_is_written_where_there_is_no_terminal(
    stream: io.StringIO | None, capfd: pytest.CaptureFixture[str]
) -> None:
    """Logs hold no half lines, however long the work lasts."""
    with titled("mnist", stream), bar("training", 2, "epoch") as line:
        line.update()
        time.sleep(2 * DELAY)
    assert ((stream.getvalue() if stream else ""), *capfd.readouterr()) == ("", "", "")


def test_a_dumb_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot erase a line is treated as a file."""
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    with titled("mnist", screen):
        time.sleep(2 * DELAY)
    assert screen.getvalue() == ""


def test_a_bar_takes_over_its_title_s_line() -> None:
    """One line shows: the title's name, and the bar's epochs."""
    screen = Screen()
    with titled("mnist", screen), bar("training", 10, "epoch") as line:
        line.update(4)
        screen.wait_for("\rmnist:  40%")
        assert "4/10 [" in screen.getvalue()
    assert "mnist  00:" not in screen.getvalue()


def test_the_title_s_line_comes_back_after_a_bar() -> None:
    """Work after the training is still shown."""
    screen = Screen()
    with titled("mnist", screen):
        with bar("training", 10, "epoch"):
            screen.wait_for("0/10")
        screen.wait_for("mnist  00:00")


def test_a_title_inside_another_hides_it() -> None:
    """Two lines are never drawn in one place."""
    outer, inner = Screen(), Screen()
    with titled("all", outer):
        outer.wait_for("all  00:00")
        with titled("one", inner):
            inner.wait_for("one  00:00")
            assert outer.getvalue().endswith(ERASED)


def test_a_bar_without_a_title_is_shown_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside pytest the caller's own name is shown."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with bar("training", 10, "epoch"):
        screen.wait_for("training:   0%")


def test_a_title_does_not_outlive_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an error in one test, the next one's bar does not draw on the first one's terminal."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with pytest.raises(ZeroDivisionError), titled("mnist", screen):
        raise ZeroDivisionError
    with bar("training", 10, "epoch"):
        time.sleep(2 * DELAY)
    assert screen.getvalue() == ""


def test_a_terminal_that_is_gone_stops_no_training() -> None:
    """A lost connection ends the line, not the work."""

    class Gone(Screen):
        def write(self, text: str, /) -> int:
            raise BrokenPipeError

    with titled("mnist", Gone()):
        time.sleep(2 * DELAY)


BYTES = Task("MNIST", 11_490_434, "B", 5_745_217)
EPOCHS = Task("mnist_dropout", 10, "epoch", 5)
TIME = Task("mnist_resumed_without_optimizer")


@pytest.mark.parametrize("columns", [1, 12, 40, 79, 200], ids="columns={}".format)
@pytest.mark.parametrize("task", [BYTES, EPOCHS, TIME], ids=["bytes", "epochs", "time"])
def test_a_line_is_never_wider_than_the_terminal(task: Task, columns: int) -> None:
    """A row that wrapped could not be erased."""
    assert len(task.text(columns, ascii_only=False)) <= columns


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param(lambda started: Task("MNIST", 11_490_434, "B", 5_745_217, started), "5.75M/11.5M", id="bytes"),
        pytest.param(lambda started: Task("MNIST", None, "B", 5_745_217, started), "5.75MB", id="unknown_length"),
        pytest.param(lambda started: Task("mnist", 10, "epoch", 4, started), "4/10 [00:08<00:12,", id="time_left"),
        pytest.param(lambda started: Task("mnist", 10, "epoch", 4, started), "2.00s/epoch", id="rate"),
        pytest.param(lambda started: Task("mnist", started=started), "mnist  00:08", id="time"),
    ],
)
def test_a_line_says_how_far_how_fast_and_how_long(
    task: Callable[[float], Task], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After 8 s: bytes by their thousands, epochs by number, and the time that is left at this rate."""
    monkeypatch.setattr("time.monotonic", lambda: 108.0)
    assert expected in task(100.0).text(79, ascii_only=False)


def test_a_terminal_without_unicode_gets_ascii() -> None:
    """The bar's blocks are replaced where they could not be written."""
    assert EPOCHS.text(79, ascii_only=True).isascii()


def test_below_the_cursor_a_line_makes_its_row_and_returns() -> None:
    """In one write: index and reverse index make a row, then save, down, the text, and restore."""
    screen = Screen()
    BelowCursor(screen).write("\rmnist  00:07\x1b[K")
    assert screen.getvalue() == "\x1bD\x1bM\x1b7\x1b[1B\rmnist  00:07\x1b[K\x1b8"


def test_below_the_cursor_is_a_terminal_if_what_it_wraps_is() -> None:
    """The wrapping decides nothing by itself."""
    assert [BelowCursor(stream).isatty() for stream in (Screen(), io.TextIOWrapper(io.BytesIO()))] == [True, False]
