"""A bare subprocess per test: the interpreter started anew, no isolation. Reference solutions only.

Reads options for the interpreter, then the file of a JSON list of programs; prints JSON: passed, wall and CPU seconds of all processes."""
import json
import resource
import subprocess
import sys
import time


def check(program):
    command = ["/usr/bin/python3", *sys.argv[1:-1], "-"]
    try:
        return subprocess.run(command, input=program.encode(), capture_output=True, timeout=10).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main():
    programs = json.load(open(sys.argv[-1]))
    start = time.monotonic()
    passed = sum(check(program) for program in programs)
    wall = time.monotonic() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in used)
    print(json.dumps({"passed": passed, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main()
