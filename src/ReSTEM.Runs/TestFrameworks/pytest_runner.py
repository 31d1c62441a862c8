def __restem_pytest__():
    """A module `pytest` with what test code of data sets uses; anything else is said not to be there."""
    import re
    import sys
    import types

    class Skipped(Exception):
        pass

    class NotTransferable(Exception):
        """What a test asks for and is not there: no fault of a submission."""

    class Raises:
        def __init__(self, expected, match):
            self.expected, self.match, self.type, self.value = expected, match, None, None

        def __enter__(self):
            return self

        def __exit__(self, kind, value, trace):
            if kind is None:
                raise AssertionError("did not raise %s" % (self.expected,))
            if not issubclass(kind, self.expected):
                return False
            self.type, self.value = kind, value
            if self.match is not None and not re.search(self.match, str(value)):
                raise AssertionError("%r does not match %r" % (str(value), self.match))
            return True

    def raises(expected, function=None, *arguments, match=None, **named):
        context = Raises(expected, match)
        if function is None:
            return context
        with context:
            function(*arguments, **named)
        return context

    class Approx:
        """Numbers within a relative 1e-6 or an absolute 1e-12, whichever is wider; collections of them element by element."""

        __hash__ = None

        def __init__(self, expected, rel=None, abs=None, nan_ok=False):
            self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

        def __eq__(self, actual):
            return self._same(self.expected, actual)

        def __ne__(self, actual):
            return not self == actual

        def __repr__(self):
            return "approx(%r)" % (self.expected,)

        def _same(self, expected, actual):
            if isinstance(expected, dict):
                return isinstance(actual, dict) and expected.keys() == actual.keys() and all(
                    self._same(value, actual[key]) for key, value in expected.items())
            if isinstance(expected, (list, tuple)):
                return isinstance(actual, (list, tuple)) and len(expected) == len(actual) and all(map(self._same, expected, actual))
            if isinstance(expected, bool) or not isinstance(expected, (int, float, complex)):
                return expected == actual
            if isinstance(actual, bool) or not isinstance(actual, (int, float, complex)):
                return False
            if expected == actual:
                return True
            if expected != expected:
                return self.nan_ok and actual != actual
            if abs(expected) == float("inf"):
                return False
            absolute = 1e-12 if self.abs is None else self.abs
            relative = (1e-6 if self.rel is None else self.rel) * abs(expected) if self.rel is not None or self.abs is None else 0
            return abs(expected - actual) <= max(absolute, relative)

    class Mark:
        def parametrize(self, names, values, ids=None, **_):
            names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
            rows = [getattr(row, "__restem_values__", row if len(names) > 1 else (row,)) for row in values]

            def mark(test):
                known = getattr(test, "__restem_cases__", [{}])
                test.__restem_cases__ = [{**case, **dict(zip(names, row))} for case in known for row in rows]
                return test

            return mark

        def skipif(self, condition, **_):
            return self.skip() if condition else lambda test: test

        def skip(self, *arguments, **_):
            def mark(test):
                test.__restem_skip__ = True
                return test

            return mark(arguments[0]) if arguments and callable(arguments[0]) else mark

        def xfail(self, *arguments, **_):
            return self.skip(*arguments)

        def __getattr__(self, name):
            return lambda *arguments, **_: arguments[0] if arguments and callable(arguments[0]) else lambda test: test

    class Parameter:
        def __init__(self, values):
            self.__restem_values__ = values

    def fixture(*arguments, params=None, **_):
        def mark(function):
            if params is not None:
                raise NotTransferable("fixtures with parameters are not there")
            function.__restem_fixture__ = True
            return function

        return mark(arguments[0]) if arguments else mark

    def skip(reason="", **_):
        raise Skipped(reason)

    def fail(reason="", **_):
        raise AssertionError(reason)

    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotTransferable("pytest.%s is not there" % name)

    module = types.ModuleType("pytest")
    for name, value in dict(
            raises=raises, approx=Approx, mark=Mark(), fixture=fixture, skip=skip, fail=fail, Skipped=Skipped,
            NotTransferable=NotTransferable, param=lambda *values, **_: Parameter(values), main=lambda *_: 0,
            __getattr__=missing).items():
        setattr(module, name, value)
    sys.modules["pytest"] = module


__restem_pytest__()


def __restem_run_pytests__(names):
    """Runs the test functions and classes of a namespace in order; a failure is raised as it came."""
    import inspect
    import sys
    import types
    pytest = sys.modules["pytest"]
    fixtures = {name: value for name, value in dict.items(names) if hasattr(value, "__dict__") and "__restem_fixture__" in vars(value)}
    ran = 0

    def value_of(name, owner, opened):
        function = fixtures.get(name) or vars(type(owner)).get(name) if owner is not None else fixtures.get(name)
        if not isinstance(function, types.FunctionType) or "__restem_fixture__" not in vars(function):
            raise pytest.NotTransferable("the fixture %s is not there" % name)
        found = call(function, owner, {}, opened)
        if inspect.isgenerator(found):
            opened.append(found)
            found = next(found)
        return found

    def call(function, owner, given, opened):
        wanted = list(inspect.signature(function).parameters.values())
        if owner is not None and wanted and wanted[0].name == "self":
            wanted = wanted[1:]
            function = types.MethodType(function, owner)
        named = {}
        for parameter in wanted:
            if parameter.name in given:
                named[parameter.name] = given[parameter.name]
            elif parameter.default is inspect.Parameter.empty and parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
                named[parameter.name] = value_of(parameter.name, owner, opened)
        return function(**named)

    def run(function, make_owner):
        nonlocal ran
        if getattr(function, "__restem_skip__", False):
            return
        for given in getattr(function, "__restem_cases__", [{}]):
            opened = []
            owner = make_owner()
            try:
                for name in ("setup_method", "setup", "setUp"):
                    if owner is not None and hasattr(owner, name):
                        method = getattr(owner, name)
                        method(function) if len(inspect.signature(method).parameters) else method()
                        break
                call(function, owner, given, opened)
                ran += 1
            except pytest.Skipped:
                pass
            finally:
                for generator in opened:
                    next(generator, None)

    for name, value in list(dict.items(names)):
        if name.startswith("test") and isinstance(value, types.FunctionType):
            run(value, lambda: None)
        elif name.startswith("Test") and isinstance(value, type) and "unittest" not in [base.__module__.split(".")[0] for base in value.__mro__]:
            if hasattr(value, "setup_class"):
                value.setup_class()
            for part, method in [pair for base in reversed(value.__mro__) for pair in vars(base).items()]:
                method = method.__func__ if isinstance(method, (staticmethod, classmethod)) else method
                if part.startswith("test") and isinstance(method, types.FunctionType) and vars(value).get(part, method) is method or (
                        part.startswith("test") and isinstance(vars(value).get(part), staticmethod)):
                    run(method, value)
    if not ran:
        raise AssertionError("no test ran")
