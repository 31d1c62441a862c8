"""Stand-ins, in the process of the test code, for what stayed in the submission's process."""
import ast
import builtins
import sys

import py_codec

_OPERATORS = "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __floordiv__ __mod__ __pow__ __neg__ __invert__ __and__ __or__ __xor__".split()
# Questions to plain values that are verdicts already: an object that a function returned is not let to answer them.
_PREDICATES = frozenset(
    name for kind in (str, bytes, set, float, int) for name in dir(kind) if name.startswith("is")) | {"startswith", "endswith", "equals", "all", "any"}
_used_as_objects = set()
_FRAMEWORKS = ("unittest", "pytest", "_pytest")
_caught_by_name = set()


class RemoteError(Exception):
    """An exception of the submission that is of no class known here."""


class NotTransferable(BaseException):
    """The test code wants to give the submission something that cannot leave its process; no test may expect it."""


class NoPlainValue(BaseException):
    """A verdict would rest on what an object of the submission says of itself. No handler of the test code may catch it."""


class TooLarge(BaseException):
    """What the submission handed over is over a limit; not its exception, so no test may expect it."""


class Remote:
    """
    An object in the submission's process. It can be called and looked into: what it then says is a plain value, no better than
    one that the function could have returned. What would make it the judge, equality and order, it is not asked; but for
    objects that the test code made of a class itself and uses as such.
    """

    __slots__ = ("_ask", "_number", "_name", "_maker", "_ahead", "_step", "_seen")
    __hash__ = None

    def __init__(self, ask, number, name="", maker=""):
        put = object.__setattr__
        put(self, "_ask", ask)
        put(self, "_number", number)
        put(self, "_name", name)
        put(self, "_maker", maker)
        put(self, "_ahead", [])
        put(self, "_step", 1)
        put(self, "_seen", {})

    def __call__(self, *arguments, **named):
        for given in (*arguments, *named.values()):
            if type(given) is Remote:
                given._seen.clear()
        result, changed, same = self._ask("call_and_show", self, list(arguments), named)
        for key, value in changed.items():
            _change(arguments[key] if type(key) is int else named[key], value)
        if same is not None:
            return arguments[same] if type(same) is int else named[same]
        return _labelled(result, maker=self._name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _PREDICATES and not self._maker[:1].isupper():
            raise NoPlainValue("the submission returned an object that is no plain value")
        _used_as_objects.add(self._maker)
        self._seen.clear()
        return _labelled(self._ask("attribute", self, name), name=name)

    def __setattr__(self, name, value):
        _used_as_objects.add(self._maker)
        self._seen.clear()
        self._ask("set_attribute", self, name, value)

    def __iter__(self):
        items = self._steady("items", self._ask("items", self))
        if type(items) is not Remote:
            for place, item in self._seen.get("at", {}).items():
                self._agree(-len(items) <= place < len(items) and _equal(items[place], item))
            self._agree(self._seen.get("len", len(items)) == len(items))
        return self if type(items) is Remote else iter(items)

    def __next__(self):
        if not self._ahead:
            if self._seen.get("ended"):
                raise StopIteration
            items, ended = self._ask("take", self, self._step)
            self._ahead.extend(items)
            object.__setattr__(self, "_step", min(64, 2 * self._step))
            if ended:
                self._seen["ended"] = True
            if not items and ended:
                raise StopIteration
        return self._ahead.pop(0)

    def __getitem__(self, key):
        item = self._ask("item", self, key)
        if type(key) is int and not _is_used(self):
            self._agree(_equal(self._seen.setdefault("at", {}).setdefault(key, item), item))
            items = self._seen.get("items")
            self._agree(type(items) is not list or -len(items) <= key < len(items) and _equal(items[key], item))
        return item

    def __setitem__(self, key, value):
        self._seen.clear()
        self._ask("set_item", self, key, value)

    def __delitem__(self, key):
        self._seen.clear()
        self._ask("delete_item", self, key)

    def __contains__(self, value):
        if _is_used(self):
            return self._plain("contains", self, value)
        return value in list(self)

    def __eq__(self, other):
        return self._compare("eq", other)

    def __ne__(self, other):
        return self._compare("ne", other)

    def __lt__(self, other):
        return self._compare("lt", other)

    def __le__(self, other):
        return self._compare("le", other)

    def __gt__(self, other):
        return self._compare("gt", other)

    def __ge__(self, other):
        return self._compare("ge", other)

    def _steady(self, what, found):
        """What an object that a function returned says of its content, which must be the same each time until the tests change it."""
        if not _is_used(self):
            self._agree(_equal(self._seen.setdefault(what, found), found))
        return found

    def _agree(self, holds):
        if not holds and not _is_used(self):
            raise NoPlainValue("the submission returned an object that is no plain value and says different things of its content")

    def _compare(self, how, other):
        """Two objects that the test code made of classes of the submission compare as these say."""
        if type(other) is Remote and all(one._maker[:1].isupper() for one in (self, other)):
            return self._plain("compare", how, self, other)
        raise NoPlainValue("the submission returned an object that is no plain value")

    def _plain(self, *question):
        answer = self._ask(*question)
        if type(answer) is Remote:
            raise NoPlainValue("the submission answered %s by an object" % question[0])
        return answer

    def __enter__(self):
        return _labelled(self._ask("method", self, "__enter__", []), maker=self._maker)

    def __exit__(self, kind, error, trace):
        self._ask("method", self, "__exit__", [None, None, None])
        return False  # a failed assert is not the submission's to swallow


def _equal(one, other):
    return one is other or type(one) is type(other) and type(one) is not Remote and (one == other or one != one) or type(one) is type(other) is Remote


def _is_used(remote):
    """Whether the test code made it of what is named as a class, and uses such objects by their attributes."""
    return remote._maker[:1].isupper() and remote._maker in _used_as_objects


def note_uses(trees):
    """Notes of which makers the test code uses what they make by its attributes, now or later; and the names of exceptions in it."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    _caught_by_name.update(node.id for node in nodes if isinstance(node, ast.Name))
    made = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            made.update((target.id, node.value.func.id) for target in node.targets if isinstance(target, ast.Name))
    for node in nodes:
        if isinstance(node, ast.Attribute):
            for part in ast.walk(node.value):
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                    _used_as_objects.add(part.func.id)
                elif isinstance(part, ast.Name):
                    _used_as_objects.add(made.get(part.id, ""))


def _labelled(value, name="", maker=""):
    if type(value) is Remote:
        object.__setattr__(value, "_name", name)
        object.__setattr__(value, "_maker", maker)
    return value


labelled = _labelled


def _conversion(name):
    def convert(self, *arguments):
        answer = self._plain("convert", name, self, list(arguments))
        return self._steady("len", answer) if name == "len" else answer
    return convert


for _special, _name in (("__bool__", "bool"), ("__str__", "str"), ("__repr__", "repr"), ("__len__", "len"), ("__int__", "int"),
                        ("__float__", "float"), ("__index__", "index"), ("__round__", "round"), ("__format__", "format")):
    setattr(Remote, _special, _conversion(_name))


def _operator(name):
    def operate(self, *others):
        if not _is_used(self):
            raise NoPlainValue("the submission returned an object that is no plain value")
        return _labelled(self._ask("method", self, name, list(others)), maker=self._maker)
    return operate


for _name in _OPERATORS:
    setattr(Remote, _name, _operator(_name))


def _change(old, new):
    """Makes a container equal to what the submission made of its copy, as deep as containers go."""
    if type(old) is list and type(new) is list:
        for index in range(min(len(old), len(new))):
            old[index] = _changed(old[index], new[index])
        old[len(new):] = new[len(old):]
    elif isinstance(old, dict) and isinstance(new, dict):
        new = {key: _changed(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(new)
    elif type(old) is type(new) and type(old) in (set, bytearray, py_codec.collections.deque):
        old.clear()
        (old.update if type(old) is set else old.extend)(new)
    elif type(old) is tuple and type(new) is tuple:
        for one, other in zip(old, new):
            _change(one, other)


def _changed(old, new):
    if type(old) is type(new) and isinstance(old, (list, tuple, dict, set, bytearray, py_codec.collections.deque)):
        _change(old, new)
        return old
    return new


def number_of(value):
    """The handle to send for a remote object."""
    if type(value) is Remote:
        return py_codec.Handle(object.__getattribute__(value, "_number"), "")
    raise NotTransferable("%s cannot be given to a submission" % type(value).__name__)


def exception_of(described, names):
    """
    The exception of the submission as the test code may expect it: (type name, text, qualified names of its classes, arguments).
    Its class is the first of these known here: a built-in one, one of a module loaded here, or the test code's own of that name.
    """
    name, text = described[0], described[1]
    lineage, arguments = (described[2], described[3]) if len(described) == 4 else ([], None)
    if lineage[:1] == ["py_codec.TooLarge"]:
        return TooLarge(text)
    for place, qualified in enumerate(lineage):
        module, _, bare = qualified.rpartition(".")
        owner = names if module in ("submission", "__main__") else vars(sys.modules.get(module, builtins))
        known = dict.get(owner, bare)
        if not isinstance(known, type) or not issubclass(known, (Exception, SystemExit, KeyboardInterrupt)):
            continue
        if any(owned.partition(".")[0] in _FRAMEWORKS for owned in (module, known.__module__)):
            continue  # by these a test is left out or stopped, which is not for the submission to say
        if issubclass(known, (StopIteration, StopAsyncIteration)) and known.__name__ not in _caught_by_name:
            break  # would end a loop of the tests, with nothing compared
        arguments = tuple(arguments) if arguments is not None else (text,)
        if place or module != "builtins" or issubclass(known, UnicodeError):
            known = type(name, (known,), {"__str__": lambda self: text, "__init__": lambda self, *_: None})
        error = known.__new__(known, *arguments)
        error.args = arguments
        if isinstance(error, SystemExit):
            error.code = arguments[0] if arguments else None
        return error
    return RemoteError(name + ": " + text)
