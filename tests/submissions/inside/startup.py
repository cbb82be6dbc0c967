"""What IPython runs before the notebook's first cell: begin to record. Its names do not stay in the notebook's."""


def _begin() -> None:
    import functools
    import os
    import sys
    from pathlib import Path
    from typing import Any

    here, records, mnist = (Path(os.environ.pop(name)) for name in ("LAB_INSIDE", "LAB_RECORDS", "LAB_SERVED_MNIST"))
    faithful = os.environ.pop("LAB_FAITHFUL") == "1"
    before = set(sys.modules)
    sys.path.insert(0, str(here))
    import patches
    import quick
    import recorder

    import lab.epochs

    ours = {path.stem for path in here.glob("*.py")} | {"lab"}
    for name in [name for name in sys.modules if name.split(".")[0] in ours and name not in before]:
        del sys.modules[name]
    sys.path.remove(str(here))
    noted = recorder.Recorder(records)
    tests = dict.fromkeys(("evaluate", "predict"), quick.in_larger_batches)
    fits = {"fit": functools.partial(quick.quick, lab.epochs.train_epochs)}
    patches.install(noted, mnist, {} if faithful else tests | fits)
    noted.write("begun")  # without it nothing was recorded, whatever the notebook did
    shell = get_ipython()  # noqa: F821
    noted.names = shell.user_ns

    def end(*_: Any) -> None:
        patches.flush(noted)

    shell.events.register("pre_run_cell", noted.begin_cell)
    shell.events.register("post_run_cell", end)


_begin()
del _begin
