def __restem_numpy__():
    """What EvalPlus's test code uses of numpy: closeness of numbers, here also of their number and nesting."""
    import sys
    import types

    def close(actual, desired, rtol, atol):
        if isinstance(actual, (list, tuple)) or isinstance(desired, (list, tuple)):
            return (isinstance(actual, (list, tuple)) and isinstance(desired, (list, tuple)) and len(actual) == len(desired)
                    and all(close(one, other, rtol, atol) for one, other in zip(actual, desired)))
        if not (isinstance(actual, (int, float, complex)) and isinstance(desired, (int, float, complex))):
            raise TypeError("%s and %s are not both numbers" % (type(actual).__name__, type(desired).__name__))
        return actual == desired or (actual != actual and desired != desired) or abs(actual - desired) <= atol + rtol * abs(desired)

    def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
        return close(a, b, rtol, atol)

    def assert_allclose(actual, desired, rtol=1e-07, atol=0, **_):
        if not close(actual, desired, rtol, atol):
            raise AssertionError("not close")

    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    numpy, testing = types.ModuleType("numpy"), types.ModuleType("numpy.testing")
    testing.assert_allclose = assert_allclose
    numpy.__getattr__ = testing.__getattr__ = missing
    numpy.testing, numpy.allclose = testing, allclose
    for name in ("ndarray", "float64", "float32", "generic", "number", "floating"):
        setattr(numpy, name, type(name, (), {}))
    sys.modules["numpy"], sys.modules["numpy.testing"] = numpy, testing


__restem_numpy__()
