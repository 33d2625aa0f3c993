"""``python -m benchmarks all | stages | rounds | town | hubs | streets | tracks | growth | osrm | figures``.

Fresh processes read this file again, so it loads nothing by itself.
"""

if __name__ == "__main__":
    import sys

    from benchmarks.command import main

    sys.exit(main())
