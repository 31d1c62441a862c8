"""Runs a submission. Everything that leaves this process is untrusted to those who read it."""
import ast
import atexit
import builtins
import functools
import io
import operator
import os
import sys
import threading
import traceback
import types

import py_codec

MAX_TEXT = 500


def load(sources, name, compiled=None):
    """The namespace in which all sources ran, one after the other, as module `name`. None runs unless all compile."""
    codes = [(compiled or _compile)(source) for source in sources]
    module = sys.modules[name] = types.ModuleType(name)
    for code in codes:
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
    if any(name in source for source in sources for name in _STREAMS):
        _name_streams()
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


_STREAMS = {"/dev/stdin": 0, "/dev/fd/0": 0, "/proc/self/fd/0": 0, "/dev/stdout": 1, "/dev/fd/1": 1, "/dev/stderr": 2, "/dev/fd/2": 2}


def _name_streams():
    """Lets a program open its standard streams by their paths, which no file system here has."""
    real, real_os = io.open, os.open

    @functools.wraps(real)
    def open_stream(file, mode="r", *arguments, **named):
        known = _STREAMS.get(os.fspath(file) if hasattr(file, "__fspath__") else file) if not isinstance(file, int) else None
        return real(file if known is None else os.dup(known), mode, *arguments, **named)

    def os_open(path, *arguments, **named):
        known = _STREAMS.get(path) if isinstance(path, str) else None
        return real_os(path, *arguments, **named) if known is None else os.dup(known)

    builtins.open = io.open = open_stream
    os.open = os_open


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
        self._late = None

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
        """The result, what arguments have become by number or name where the call changed them, and which of them the result is."""
        given = dict(enumerate(arguments)) | named
        before = {key: py_codec.encode(value, self._blank) for key, value in given.items()}
        result = function(*arguments, **named)
        changed = {key: value for key, value in given.items() if py_codec.encode(value, self._blank) != before[key]}
        same = next((key for key, value in given.items() if value is result and type(value) in py_codec.MUTABLE), None)
        return (None if same is not None else result, changed, same)

    @staticmethod
    def _blank(value):
        return py_codec.Handle(0, "")

    def _do_attribute(self, owner, name):
        return getattr(owner, name)

    def _do_set_attribute(self, owner, name, value):
        setattr(owner, name, value)

    def _do_items(self, owner):
        """All items of a container; an iterator itself, to be taken from step by step."""
        return self._keep(owner) if hasattr(type(owner), "__next__") else list(owner)

    def _do_take(self, owner, count):
        """Up to so many items of an iterator, and whether it has ended. An exception in between comes with the next call."""
        if self._late is not None:
            error, self._late = self._late, None
            raise error
        items = []
        while len(items) < count:
            try:
                items.append(next(owner))
            except StopIteration:
                return (items, True)
            except BaseException as error:
                if not items:
                    raise
                self._late = error
                break
        return (items, False)

    def _do_item(self, owner, key):
        return owner[key]

    def _do_set_item(self, owner, key, value):
        owner[key] = value

    def _do_delete_item(self, owner, key):
        del owner[key]

    def _do_contains(self, owner, value):
        return value in owner

    def _do_compare(self, how, one, other):
        return bool(getattr(operator, how)(one, other))

    def _do_convert(self, name, owner, arguments):
        return _CONVERSIONS[name](owner, *arguments)

    def _do_method(self, owner, name, arguments):
        result = getattr(type(owner), name)(owner, *arguments)
        if result is NotImplemented:
            raise TypeError("unsupported operand type(s) for %s" % name)
        return result


_CONVERSIONS = {"bool": bool, "str": str, "repr": repr, "len": len, "int": int, "float": float, "index": operator.index,
                "round": round, "format": format}


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
    """(type name, text, qualified names of its classes, arguments or None), for the test code to expect it by any of them."""
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:
        text = ""
    name = type(error).__name__[:100]
    text = text if type(text) is str else ""
    lineage = ["%s.%s" % (kind.__module__, kind.__qualname__) for kind in type(error).__mro__[:-2]]
    try:
        return py_codec.encode((name, text, lineage, list(error.args)), None)
    except BaseException:
        return py_codec.encode((name, text, lineage, None), None)


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
