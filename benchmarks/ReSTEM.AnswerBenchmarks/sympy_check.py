"""Checks the pairs written by `answers` with SymPy: parse both with SymPy's own parser, simplify the difference.

usage: /usr/bin/python3 sympy_check.py PAIRS.jsonl [COUNT]
Prints checks per second of CPU time, and the ratio to the same pairs' times in the file.
"""
import json
import signal
import statistics
import sys
import time

import sympy
from sympy.parsing.sympy_parser import parse_expr

SECONDS_ALLOWED = 10


def check(left, right):
    return sympy.simplify(parse_expr(left) - parse_expr(right)) == 0


def stop(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, stop)
pairs = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
count = int(sys.argv[2]) if len(sys.argv) > 2 else len(pairs)
pairs = pairs[:: max(1, len(pairs) // count)]
check("1+1", "2")  # imports and caches are not counted
times, ours, differ, late = [], [], [], 0
for pair in pairs:
    signal.alarm(SECONDS_ALLOWED)
    start = time.process_time()
    try:
        same = check(pair["left"], pair["right"])
    except TimeoutError:
        late += 1
        same = None
    signal.alarm(0)
    times.append(time.process_time() - start)
    ours.append(pair["microseconds"] * 1e-6)
    if same is not None and same != (pair["verdict"] == "Correct"):
        differ.append(pair)
print(f"SymPy {sympy.__version__}: {len(times)} pairs, {len(times) / sum(times):.0f} checks/s, median {statistics.median(times) * 1e6:.0f} us, "
      f"slowest {max(times) * 1e3:.0f} ms, {late} past {SECONDS_ALLOWED} s")
print(f"the checker on the same pairs: {len(ours) / sum(ours):.0f} checks/s, median {statistics.median(ours) * 1e6:.1f} us")
print(f"ratio of total times {sum(times) / sum(ours):.0f}, of medians {statistics.median(times) / statistics.median(ours):.0f}")
print(f"{len(differ)} pairs judged differently")
for pair in differ[:20]:
    print(" ", pair["left"], "|", pair["right"], "|", pair["verdict"])
