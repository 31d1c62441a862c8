"""Runs a submission. Everything that leaves this process is untrusted to those who read it."""
import ast
import atexit
import os
import sys
import threading
import traceback
import types

import py_codec

MAX_TEXT = 500


def load(sources, name, compiled=None):
    """The namespace of the first source that compiles, after running it as module `name`."""
    failure = None
    for source in sources:
        try:
            code = (compiled or _compile)(source)
            break
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            failure = failure or error
    else:
        raise failure
    module = sys.modules[name] = types.ModuleType(name)
    exec(code, module.__dict__)
    return module.__dict__


def _compile(source):
    return compile(source, "<submission>", "exec", dont_inherit=True)


def _compile_program(source):
    """Judges that wrap a program into a function let it leave by a return outside of any function; so does this."""
    try:
        return _compile(source)
    except SyntaxError as error:
        if error.msg != "'return' outside function":
            raise
    return _compile(ast.fix_missing_locations(_Leaving().visit(ast.parse(source))))


class _Leaving(ast.NodeTransformer):
    def visit_Return(self, node):
        return ast.copy_location(ast.Raise(ast.Call(ast.Name("SystemExit", ast.Load()), [], []), None), node)

    def _keep(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _keep


def run_program(sources):
    """A whole program, ended as the interpreter ends one: threads joined, exit handlers run, output flushed."""
    status = 0
    try:
        load(sources, "__main__", _compile_program)
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1
    except BaseException:
        status = 1
        _report()
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        status = 1
        _report()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            status = status or 1
    os._exit(status & 255)


def run_operations(payload, output):
    """All operations in order, without waiting for anybody; after a failure none but when the host wants them."""
    sources, operations, go_on = py_codec.decode(payload)
    results = Results(output)
    objects = results.start(sources)
    if objects:
        for operation in operations:
            if not results.perform(objects, operation) and not go_on:
                break
    results.flush()
    os._exit(0)


def run_conversation(payload, source_of_operations, output):
    """One operation after the other, each answered before the next is read."""
    results = Results(output)
    objects = results.start(py_codec.decode(payload)[0])
    results.flush()
    while objects:
        results.perform(objects, read_frame(source_of_operations))
        results.flush()
    os._exit(0)


class Results:
    """Frames for the host: u32 length, one letter (v value, e exception, l the submission did not load), data."""

    def __init__(self, output):
        self._output = output
        self._frames = []
        self._size = 0

    def start(self, sources):
        try:
            return Objects(load(sources, "submission"))
        except BaseException as error:
            self._add(b"l", _describe(error))
            return None

    def perform(self, objects, operation):
        try:
            self._add(b"v", objects.perform(py_codec.decode(operation, objects.at)))
            return True
        except BaseException as error:
            self._add(b"e", _describe(error))
            return False

    def _add(self, letter, data):
        self._frames.append(len(data).to_bytes(4, "little") + letter + data)
        self._size += len(data)
        if self._size > 32768:
            self.flush()

    def flush(self):
        write_all(self._output, b"".join(self._frames))
        self._frames.clear()
        self._size = 0


class Objects:
    """The submission's names, and the objects that others know by number."""

    def __init__(self, namespace):
        self._namespace = namespace
        self._objects = []

    def at(self, number, _):
        return self._objects[number]

    def handle_of(self, value):
        self._objects.append(value)
        return py_codec.Handle(len(self._objects) - 1, type(value).__name__)

    def perform(self, operation):
        result = getattr(self, "_do_" + operation[0])(*operation[1:])
        return py_codec.encode(result, self.handle_of)

    def _do_name(self, name):
        if name not in self._namespace:
            raise NameError("name '%s' is not defined" % name)
        return self._namespace[name]

    def _do_entry(self, name):
        owner = self._namespace.get("Solution")
        if isinstance(owner, type) and hasattr(owner, name):
            return self._keep(getattr(owner(), name))
        return self._keep(self._do_name(name))

    def _keep(self, value):
        return self.handle_of(value)

    def _do_call(self, function, arguments, named):
        return function(*arguments, **named)

    def _do_call_and_show(self, function, arguments, named):
        """The result, and the arguments as they are now where the call changed them."""
        before = [py_codec.encode(argument, self._blank) for argument in arguments]
        result = function(*arguments, **named)
        changed = {}
        for index, argument in enumerate(arguments):
            if py_codec.encode(argument, self._blank) != before[index]:
                changed[index] = argument
        return (result, changed)

    @staticmethod
    def _blank(value):
        return py_codec.Handle(0, "")

    def _do_attribute(self, owner, name):
        return getattr(owner, name)

    def _do_set_attribute(self, owner, name, value):
        setattr(owner, name, value)

    def _do_items(self, owner):
        return list(owner)

    def _do_item(self, owner, key):
        return owner[key]

    def _do_length(self, owner):
        return len(owner)


def read_frame(descriptor):
    """A frame of the host: u32 length, data."""
    size = int.from_bytes(read_exactly(descriptor, 4), "little")
    return read_exactly(descriptor, size)


def read_exactly(descriptor, size):
    pieces = []
    while size:
        piece = os.read(descriptor, size)
        if not piece:
            os._exit(0)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def _describe(error):
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:
        text = ""
    return py_codec.encode((type(error).__name__[:100], text if type(text) is str else ""), None)


def _report():
    try:
        traceback.print_exc(limit=-5)
    except BaseException:
        pass


def run_probe(payload, output):
    """Trusted code of the host's self-test: runs `probe()` of the source and hands back what it finds."""
    namespace = {}
    exec(compile(py_codec.decode(payload), "<probe>", "exec"), namespace)
    data = py_codec.encode(namespace["probe"](), None)
    write_all(output, len(data).to_bytes(4, "little") + b"v" + data)
    os._exit(0)
