"""The figures of the engine: a fixed list of instances, ours and peers in the same run, every plan checked.

The list is ``benchmarks/core.toml``; ``core`` reads it, ``one`` makes a run in a process of its own, ``lines`` keeps
what was found, ``campaign`` goes through the runs, ``summary`` and ``verdict`` say what they amount to.
"""
