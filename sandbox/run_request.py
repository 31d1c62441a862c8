"""What a child does: takes its payload, confines itself, runs a submission or trusted test code, hands back values."""
import os
import sys
from gc import enable
from os import closerange, dup2  # a name of this module costs a child less to look up than one of another

import py_codec
import reading
import sandbox_layers
import submission
import test_code
import test_plan
from sandbox_layers import confine

STANDARD_IO, OPERATIONS, CONVERSATION, PLAN, TEST_CODE, SPECIAL_JUDGE, PROBE, READ = range(8)
INTERACTIVE = (CONVERSATION, TEST_CODE)
_PAYLOAD, _NULL, _LAST = 59, 62, 64
_read_payload = None
_SAMPLE = """from typing import List


def f(values: List[int], start: int = 1) -> int:
    total = start
    for value in values:
        if value > 0:
            total += value
    return total
"""


def prepare(whole_reader):
    """Once per worker: opens what stands for no file, and what payloads are read from, where no run's pipes are."""
    global _read_payload
    descriptor = os.open("/dev/null", os.O_RDWR)
    os.dup2(descriptor, _NULL)
    os.dup2(descriptor, _PAYLOAD)
    _read_payload = whole_reader(_PAYLOAD, 71)
    os.close(descriptor)


def rehearse():
    """What every child does, done in the zygote: so its children find caches filled and code specialised, and copy fewer pages."""
    source, sink = os.pipe()
    dup2(source, _PAYLOAD)
    sandbox_layers.rehearse()
    results = submission.Results(sink)
    objects = results.start([_SAMPLE])
    for arguments in ([1, -2, 3], ["a", 2.5]):
        payload = py_codec.encode(("call", _sample, [arguments], {}), lambda _: py_codec.Handle(0, ""))
        os.write(sink, payload)
        results.perform(objects, _read_payload(len(payload)))
    results.perform(objects, py_codec.encode(("entry", "f"), None))
    results.start(["def f(:"])
    results.flush()
    os.close(source)
    os.close(sink)
    dup2(_NULL, _PAYLOAD)
    del sys.modules["submission"]


def _sample():
    """Stands for the object that the rehearsed calls are about."""


def run(mode, length, input_read, output_write, stderr, backstop, processes, confined):
    """Never returns. `confined` is a byte shared with the zygote, set once the child has given up everything."""
    dup2(input_read, _PAYLOAD)
    payload = _read_payload(length)
    dup2(stderr, 2)
    if mode == STANDARD_IO:
        sources, stdin = py_codec.decode(payload)
        descriptor = os.memfd_create("stdin")
        write_all(descriptor, stdin)
        os.lseek(descriptor, 0, os.SEEK_SET)
        dup2(descriptor, 0)
        dup2(output_write, 1)
        closerange(3, _LAST)
        enter(backstop, processes, confined)
        submission.run_program(sources)
    else:
        dup2(_NULL, 0)
        dup2(_NULL, 1)
        output_write = dup2(output_write, 60)
        if mode in INTERACTIVE:
            input_read = dup2(input_read, 61)
            closerange(3, 60)
            closerange(62, _LAST)
        else:
            closerange(3, 60)
            closerange(61, _LAST)
        enter(backstop, processes, confined)
        if mode == OPERATIONS:
            submission.run_operations(payload, output_write)
        elif mode == CONVERSATION:
            submission.run_conversation(payload, input_read, output_write)
        elif mode == TEST_CODE:
            test_code.run(payload, input_read, output_write)
        elif mode == PLAN:
            test_code.plan(payload, output_write, test_plan.plan)
        elif mode == SPECIAL_JUDGE:
            test_code.special_judge(payload, output_write)
        elif mode == PROBE:
            submission.run_probe(payload, output_write)
        elif mode == READ:
            reading.run(payload, output_write)
    os._exit(0)


def enter(backstop, processes, confined):
    enable()
    confine(backstop, processes)
    confined[0] = 1
    confined.close()


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]
