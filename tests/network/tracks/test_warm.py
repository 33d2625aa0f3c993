from network import grid, nearest
from network.tracks import observe, reach, viterbi
from network.tracks.warm import warm


def test_every_kernel_is_compiled_and_progress_told() -> None:
    told: list[tuple[str, int, int]] = []
    warm(lambda *step: told.append(step))
    assert told == [("places on streets", 0, 2), ("tracks", 1, 2), ("", 2, 2)]
    for module in (grid, nearest, observe, reach, viterbi):
        kernels = [value for value in vars(module).values() if hasattr(value, "py_func")]
        own = [
            value
            for value in kernels
            if value.py_func.__module__ == module.__name__ and "no_cpython_wrapper" not in value.targetoptions
        ]
        assert own
        assert all(value.signatures for value in own)
