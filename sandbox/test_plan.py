"""Finds out whether test code only compares results of calls with known values: then the host itself can judge.

The test code runs once with results that are not there yet. A comparison with == notes what is expected; anything else
that would have to know the result gives up, and the tests then run against each submission instead.
"""
import ast

import py_codec
import remote_objects
import test_code

_STATEMENTS = (ast.Module, ast.FunctionDef, ast.Assert, ast.Assign, ast.Import, ast.ImportFrom, ast.Expr, ast.Pass, ast.For,
               ast.AugAssign)


class NotPlannable(BaseException):
    """The test code needs the results themselves."""


class Pending:
    """The result of a planned call."""

    __hash__ = None

    def __init__(self, plan, operation, number):
        self.plan = plan
        self.operation = operation
        self.number = number

    def __eq__(self, other):
        self.plan.expect(self, "equal", other)
        return True

    def __sub__(self, other):
        return Distance(self, other)

    __rsub__ = __sub__  # only its size is ever asked

    def __getattr__(self, name):
        return self.plan.remote(self).__getattr__(name)

    def __call__(self, *arguments, **named):
        return self.plan.remote(self)(*arguments, **named)

    def _refuse(self, *_):
        raise NotPlannable

    __class__ = property(_refuse)
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __iter__ = __len__ = __getitem__ = __contains__ = _refuse
    __str__ = __repr__ = __format__ = __int__ = __float__ = __index__ = __abs__ = __neg__ = __round__ = _refuse
    __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = _refuse


class Distance:
    """A result minus a known number: of use in abs(...) < bound alone."""

    __hash__ = None

    def __init__(self, pending, other):
        if type(other) not in (int, float):
            raise NotPlannable
        self._pending = pending
        self._other = other
        self._absolute = False

    def __abs__(self):
        self._absolute = True
        return self

    def __lt__(self, bound):
        return self._within(bound, "near")

    def __le__(self, bound):
        return self._within(bound, "near or at")

    def _within(self, bound, relation):
        if not self._absolute or type(bound) not in (int, float):
            raise NotPlannable
        self._pending.plan.expect(self._pending, relation, (self._other, bound))
        return True

    __eq__ = __ne__ = __gt__ = __ge__ = __bool__ = __float__ = __int__ = __neg__ = __round__ = Pending._refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __pow__ = __str__ = Pending._refuse
    __class__ = property(Pending._refuse)


class Plan:
    """
    Operations to perform in order, which of them must give a handle, which show what became of their arguments, and what the calls
    must return. `watching` says whether the test code can see an argument again after a call.
    """

    def __init__(self, watching):
        self.watching = watching
        self.shown = []
        self.operations = []
        self.handles = []
        self.expectations = []
        self.assertion = 0
        self._next = 0

    def ask(self, kind, *parts):
        if kind == "call_and_show":
            arguments = parts[1] + list(parts[2].values())
            shows = self.watching and any(map(_can_change, arguments))
            operation = self._add(kind if shows else "call", *parts)
            if shows:
                self.shown.append(operation)
            return Pending(self, operation, self._next), {}, None
        if kind not in ("name", "attribute"):
            raise NotPlannable
        return self._handle(self._add(kind, *parts))

    def remote(self, pending):
        """What a call returned is used as an object; that works out if nothing else became one in between."""
        if pending.number != self._next or pending.operation != len(self.operations) - 1:
            raise NotPlannable
        return self._handle(pending.operation)

    def expect(self, pending, relation, value):
        try:
            py_codec.encode(value, _refuse_object)
        except (TypeError, py_codec.TooLarge):
            raise NotPlannable from None
        self.expectations.append((pending.operation, relation, value, self.assertion))

    def _add(self, *operation):
        try:
            self.operations.append(py_codec.encode(operation, remote_objects.number_of))
        except (remote_objects.NotTransferable, py_codec.TooLarge):
            raise NotPlannable from None
        return len(self.operations) - 1

    def _handle(self, operation):
        self.handles.append(operation)
        self._next += 1
        return remote_objects.Remote(self.ask, self._next - 1)


def _can_change(value):
    """Whether a submission can change an argument so that its owner sees it."""
    return isinstance(value, py_codec.MUTABLE) or isinstance(value, tuple) and any(map(_can_change, value))


def _watches(trees):
    """Whether a variable of the test code is given to any call: then it can look at it again. Names that are called hold no data."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound -= {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    return any(
        isinstance(node, ast.Name) and node.id in bound
        for call in calls for argument in call.args + [keyword.value for keyword in call.keywords] for node in ast.walk(argument))


def _refuse_object(value):
    raise TypeError(type(value).__name__)


def plan(tests):
    """Encoded (operations, operations that give handles, expectations, texts of the asserts), or encoded None."""
    found = Plan(_watches([tests.setup] + tests.trees))
    texts = {}
    trees = [_prepared(tree, index, tests, texts) for index, tree in enumerate(tests.trees)]
    if None in trees:
        return py_codec.encode(None, None)
    helpers = {
        "__restem_truth__": lambda value, expected: _truth(found, value, expected),
        "__restem_is__": lambda value, expected: _same(found, value, expected),
        "__restem_at__": lambda number: setattr(found, "assertion", number),
    }
    try:
        tests.run(found.ask, trees, helpers)
    except (NotPlannable, remote_objects.NotTransferable, remote_objects.NoPlainValue, Exception):
        return py_codec.encode(None, None)
    return py_codec.encode((found.operations, found.handles, found.expectations, texts, found.shown), None)


def _truth(found, value, expected):
    if type(value) is Pending:
        found.expect(value, "truth", expected)
        return True
    if type(value) is remote_objects.Remote:
        raise NotPlannable
    return bool(value) == expected


def _same(found, value, expected):
    if type(value) is Pending:
        found.expect(value, "is", expected)
        return True
    return value is expected


def _prepared(tree, statement, tests, texts):
    """The tree with its asserts made to note expectations; None when a statement or an assert is of another kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, _STATEMENTS):
            return None
        if isinstance(node, (ast.BoolOp, ast.IfExp, ast.NamedExpr, ast.Lambda)):
            return None
        if isinstance(node, ast.comprehension) and node.ifs:
            return None
        if isinstance(node, ast.Name) and node.id in ("type", "id", "callable"):
            return None
    compared = {id(node.test) for node in ast.walk(tree) if isinstance(node, ast.Assert)}
    if any(isinstance(node, ast.Compare) and id(node) not in compared for node in ast.walk(tree)):
        return None
    try:
        tree = _Asserts(statement, tests, texts).visit(tree)
    except NotPlannable:
        return None
    return ast.fix_missing_locations(tree)


class _Asserts(ast.NodeTransformer):
    def __init__(self, statement, tests, texts):
        self._statement = statement
        self._tests = tests
        self._texts = texts

    def visit_Assert(self, node):
        number, text = self._tests.number(self._statement, node.lineno)
        self._texts[number] = text
        test = node.test
        if isinstance(test, ast.Compare):
            if len(test.ops) != 1:
                raise NotPlannable
            if isinstance(test.ops[0], ast.Is) and isinstance(test.comparators[0], ast.Constant):
                test = _call("__restem_is__", test.left, test.comparators[0])
            elif not isinstance(test.ops[0], (ast.Eq, ast.Lt, ast.LtE)):
                raise NotPlannable
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test = _call("__restem_truth__", test.operand, ast.Constant(False))
        else:
            test = _call("__restem_truth__", test, ast.Constant(True))
        at = ast.Expr(_call("__restem_at__", ast.Constant(number)))
        return [ast.copy_location(at, node), ast.copy_location(ast.Assert(test, None), node)]


def _call(name, *arguments):
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
