"""A download of MNIST is kept only if it is MNIST; every failure is told and leaves nothing behind."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from lab import mnist_download, mnist_files
from lab.mnist_files import MnistError, read_mnist
from lab.run import Array
from tests.suite.mnist_doubles import published, small_arrays

ARRAYS = small_arrays()


def npz_bytes(arrays: dict[str, Array]) -> bytes:
    written = io.BytesIO()
    np.savez(written, **arrays)  # type: ignore[arg-type]  # its stub takes the names for its own options
    return written.getvalue()


GOOD = npz_bytes(ARRAYS)


@dataclass
class Server:
    """A server of one file on this machine, and how it behaves."""

    address: str = ""
    status: int = 200
    body: bytes = GOOD
    declared_length: int | None = len(GOOD)
    stalls: threading.Event | None = None  # once the body is sent, the connection stays open until this is set
    pause: float = 0.0  # s before it answers
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """`ADDRESS` leads to it, for the small arrays as MNIST; restores both, and the environment's proxies."""
    behaviour = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour.requests.append(self.path)
            time.sleep(behaviour.pause)
            self.send_response(behaviour.status)
            if behaviour.declared_length is not None:
                self.send_header("Content-Length", str(behaviour.declared_length))
            self.end_headers()
            self.wfile.write(behaviour.body)
            if behaviour.stalls:
                self.wfile.flush()
                behaviour.stalls.wait(5)

        def log_message(self, *_: object) -> None:
            """Say nothing on standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        behaviour.address = f"http://127.0.0.1:{running.server_port}/mnist.npz"
        monkeypatch.setattr(mnist_download, "ADDRESS", behaviour.address)
        monkeypatch.setattr(mnist_files, "PUBLISHED", published(ARRAYS))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield behaviour
        if behaviour.stalls:
            behaviour.stalls.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "keras" / "datasets" / "mnist.npz"


def failure(target: Path) -> str:
    """Why the download failed, without the remedy."""
    with pytest.raises(MnistError) as raised:
        mnist_download.download(target)
    return str(raised.value.args[0])


def files_beside(target: Path) -> list[str]:
    return [path.name for path in target.parent.glob("*")]


def test_a_download_gives_the_arrays(server: Server, target: Path) -> None:
    """They are those of the server's file."""
    for found, expected in zip(mnist_download.download(target), ARRAYS.values(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_download_is_kept_for_the_next_time(server: Server, target: Path) -> None:
    """The file is where Keras looks for it, and nothing else is there."""
    mnist_download.download(target)
    assert files_beside(target) == ["mnist.npz"]
    assert target.read_bytes() == GOOD


def test_a_file_that_is_not_mnist_is_replaced(server: Server, target: Path) -> None:
    """A damaged cache is mended, as Keras itself would mend it."""
    target.parent.mkdir(parents=True)
    target.write_bytes(b"damaged")
    mnist_download.download(target)
    assert target.read_bytes() == GOOD


def test_a_server_that_does_not_tell_the_length_is_believed(server: Server, target: Path) -> None:
    """Without a length the arrays alone decide."""
    server.declared_length = None
    mnist_download.download(target)
    assert target.exists()


def misbehave(server: Server, **behaviour: object) -> None:
    for name, value in behaviour.items():
        setattr(server, name, value)


OTHER = npz_bytes({**ARRAYS, "y_test": ARRAYS["y_test"][::-1]})


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(
            {"status": 404}, "MNIST was not downloaded from {}: the server answered 404 (Not Found)", id="404"
        ),
        pytest.param(
            {"body": OTHER, "declared_length": len(OTHER)},
            "the answer of {}, array y_test: it is not MNIST's, for the SHA-256 of its bytes is ",
            id="other_arrays",
        ),
        pytest.param(
            {"body": b"<html>Log in</html>", "declared_length": 19},
            "the answer of {} is damaged or not an .npz file (File is not a zip file)",
            id="a_web_page",
        ),
        pytest.param(
            {"body": GOOD[:500]},
            f"MNIST was not downloaded from {{}}: the connection broke off after 500 of {len(GOOD):,} bytes",
            id="connection_breaks_off",
        ),
        pytest.param(
            {"body": GOOD[:500], "declared_length": None},
            "the answer of {} is damaged or not an .npz file (File is not a zip file)",
            id="connection_breaks_off_at_unknown_length",
        ),
    ],
)
def test_a_failed_download_is_told_and_leaves_nothing(
    server: Server, target: Path, behaviour: dict[str, object], reason: str
) -> None:
    """The sentence names the address and the reason; no part of the file remains."""
    misbehave(server, **behaviour)
    found, expected = failure(target), reason.format(server.address)
    assert (found[: len(expected)], files_beside(target)) == (expected, [])


def test_a_server_that_falls_silent_is_given_up(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `SILENCE` seconds without a byte the download ends, and leaves nothing."""
    misbehave(server, body=GOOD[:500], stalls=threading.Event())
    monkeypatch.setattr(mnist_download, "SILENCE", 0.1)
    expected = f"MNIST was not downloaded from {server.address}: not a byte came for 0.1 s"
    assert (failure(target), files_beside(target)) == (expected, [])


def test_an_answer_without_end_is_cut_off(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than any packing of MNIST is not stored."""
    monkeypatch.setattr(mnist_download, "LARGEST", 100)
    expected = f"the answer of {server.address} is longer than 100 bytes, so it is not MNIST"
    assert (failure(target), files_beside(target)) == (expected, [])


def test_an_interrupted_download_leaves_nothing(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C goes through as itself, after the partial file is removed."""

    def interrupt(*_: object) -> None:
        assert files_beside(target) == ["mnist.npz.partial"]
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist_download, "read_mnist", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mnist_download.download(target)
    assert files_beside(target) == []


def test_a_refused_connection_is_told(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server listens the system's reason is shown, and no folder is made."""
    address = "http://127.0.0.1:1/mnist.npz"
    monkeypatch.setattr(mnist_download, "ADDRESS", address)
    assert failure(target).startswith(f"MNIST was not downloaded from {address}: ")
    assert not target.parent.exists()


def test_a_cache_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    """A folder that cannot be made is a reason like any other."""
    (tmp_path / "keras").write_text("a file where the folder should be")
    assert failure(tmp_path / "keras" / "mnist.npz").startswith(f"MNIST was not downloaded from {server.address}: ")


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_of_two_downloads_at_once_one_waits_for_the_other(server: Server, target: Path) -> None:
    """The server is asked once: the second reads the first's file."""
    server.pause = 0.1  # so that the second would ask too, if it did not wait
    threads = [in_a_thread(lambda: mnist_download.download(target)) for _ in range(2)]
    for thread in threads:
        thread.join()
    assert (server.requests, len(read_mnist(target, "it"))) == (["/mnist.npz"], 4)


def test_another_process_is_not_waited_for_without_end(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `PATIENCE` seconds the download is given up with that reason."""
    monkeypatch.setattr(mnist_download, "PATIENCE", 0.1)
    with FileLock(mnist_download._lock_path(target)):
        assert failure(target).endswith("another process has been downloading it for 0.1 s")


@pytest.fixture(autouse=True)
def locks_are_kept_apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lock files go to a folder of the test; restores the system's."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("locks")))
