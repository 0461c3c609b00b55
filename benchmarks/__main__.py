"""Every benchmark in turn: `make bench`, or `make bench ARGS="reader"` for some of them."""

from __future__ import annotations

import sys

from benchmarks import company_fill, engine, estimate, reader, reader_large, startup

BENCHMARKS = {
    "reader": reader.main,
    "reader_large": reader_large.main,
    "startup": startup.main,
    "fill": company_fill.main,
    "estimate": estimate.main,
    "engine": engine.main,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all of them without names."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
