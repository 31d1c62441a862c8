"""Runs the data set's own test code, in a process that never ran a submission; the submission's objects stay remote."""
import ast
import builtins
import os

import py_codec
import remote_objects
import submission
from remote_objects import NotTransferable, Remote, number_of

_NO_TESTS = "<no test>"


class Conversation:
    """Asks the host, which asks the submission; a transcript answers for as long as the questions are the same."""

    def __init__(self, transcript, source, output):
        self._transcript = iter(transcript)
        self._source = source
        self._output = output
        self.names = {}
        self.questions = 0
        self.raised = None

    def ask(self, *operation):
        self.questions += 1
        question = py_codec.encode(operation, number_of)
        recorded = next(self._transcript, None)
        if recorded is not None and recorded[0] == question:
            answer = recorded[1]
        else:
            self._transcript = iter(())
            if self._source is None:
                os._exit(0)  # nobody is there to answer: the tests must run again, with the submission beside them
            send(self._output, b"o", question)
            answer = submission.read_frame(self._source)
        value = py_codec.decode(answer[1:], lambda number, _: Remote(self.ask, number))
        if answer[:1] == b"v":
            return value
        self.raised = remote_objects.exception_of(value, self.names)
        raise self.raised


class Names(dict):
    """The global names of the test code; those that nobody there defines are the submission's."""

    def __init__(self, ask):
        super().__init__(__name__="tests")
        self._ask = ask

    def __missing__(self, name):
        if name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        try:
            return remote_objects.labelled(self._ask("name", name), name=name)
        except NameError:
            raise KeyError(name) from None


class Tests:
    """Setup and statements, parsed once, with their asserts numbered from 0 over all statements."""

    def __init__(self, setup, statements, entry_point):
        self.setup = ast.parse(setup, "<setup>")
        self.trees = [ast.parse(text, "<test %d>" % index) for index, text in enumerate(statements)]
        self._lines = [text.splitlines() for text in statements]
        self._asserts = [
            sorted(node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)) for tree in self.trees]
        self._entry_point = entry_point
        remote_objects.note_uses(self.trees)

    def run(self, ask, trees=None, helpers=()):
        names = Names(ask)
        names.update(helpers)
        owner = getattr(ask, "__self__", None)
        if owner is not None:
            owner.names = names
        exec(compile(self.setup, "<setup>", "exec"), names)
        if self._entry_point:
            names[self._entry_point] = remote_objects.labelled(ask("name", self._entry_point), name=self._entry_point)
        for index, tree in enumerate(trees or self.trees):
            exec(compile(tree, "<test %d>" % index, "exec"), names)

    def number(self, statement, line):
        """The number of the last assert at or before the line, and its text."""
        before = sum(len(lines) for lines in self._asserts[:statement])
        asserts = [at for at in self._asserts[statement] if at <= line]
        text = self._lines[statement][line - 1].strip() if line <= len(self._lines[statement]) else ""
        return max(0, before + len(asserts) - 1), text[:300]

    def place(self, trace):
        """The assert that a traceback went through last."""
        found = (0, _NO_TESTS)
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith("<test "):
                found = self.number(int(name[6:-1]), trace.tb_lineno)
            trace = trace.tb_next
        return found


def run(payload, source, output):
    """
    Frames: o a question to the submission; p passed; f failed (assert number, its text, exception type, message); t the tests themselves
    cannot run (exception type, message), which is no submission's fault.
    """
    setup, statements, entry_point, transcript, live = py_codec.decode(payload)
    conversation = Conversation(transcript, source if live else None, output)
    tests = None
    try:
        tests = Tests(setup, statements, entry_point)
        tests.run(conversation.ask)
    except BaseException as error:
        message = "" if type(error) is AssertionError else str(error)[:submission.MAX_TEXT]
        own = tests is None or conversation.questions == 0 or isinstance(error, ImportError)
        if own and error is not conversation.raised and type(error) is not AssertionError:
            send(output, b"t", py_codec.encode((type(error).__name__, message), None))
        else:
            index, text = tests.place(error.__traceback__)
            send(output, b"f", py_codec.encode((index, text, type(error).__name__, message), None))
    else:
        send(output, b"p", b"N")
    os._exit(0)


def special_judge(payload, output):
    """The data set's own check(input, expected, output)."""
    source, given, expected, actual = py_codec.decode(payload)
    names = {"__name__": "checker"}
    exec(compile(source, "<checker>", "exec"), names)
    send(output, b"v", py_codec.encode(bool(names["check"](given, expected, actual)), None))
    os._exit(0)


def plan(payload, output, planner):
    """A planned list of calls with what each must return, or None when the test code asks for more than that."""
    send(output, b"v", planner(Tests(*py_codec.decode(payload))))
    os._exit(0)


def send(output, letter, data):
    submission.write_all(output, len(data).to_bytes(4, "little") + letter + data)
