"""What a child does: takes its payload, confines itself, runs a submission or trusted test code, hands back values."""
import gc
import os

import py_codec
import reading
import sandbox_layers
import submission
import test_code
import test_plan

STANDARD_IO, OPERATIONS, CONVERSATION, PLAN, TEST_CODE, SPECIAL_JUDGE, PROBE, READ = range(8)
INTERACTIVE = (CONVERSATION, TEST_CODE)


def run(mode, length, input_read, output_write, stderr, limits, confined):
    """Never returns. `confined` is a byte shared with the zygote, set once the child has given up everything."""
    payload = read(input_read, length)
    os.dup2(stderr, 2)
    if mode == STANDARD_IO:
        sources, stdin = py_codec.decode(payload)
        descriptor = os.memfd_create("stdin")
        write_all(descriptor, stdin)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.dup2(descriptor, 0)
        os.dup2(output_write, 1)
        os.closerange(3, 64)
        enter(limits, confined)
        submission.run_program(sources)
    else:
        nothing = os.open("/dev/null", os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        output_write = os.dup2(output_write, 60)
        input_read = os.dup2(input_read, 61) if mode in INTERACTIVE else -1
        os.closerange(3, 60)
        os.closerange(62, 64)
        enter(limits, confined)
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


def enter(limits, confined):
    gc.enable()
    sandbox_layers.confine(*limits)
    confined[0] = 1
    confined.close()


def read(descriptor, size):
    pieces = []
    while size:
        piece = os.read(descriptor, size)
        if not piece:
            os._exit(71)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]
