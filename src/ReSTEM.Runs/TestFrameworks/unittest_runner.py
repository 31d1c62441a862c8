def __restem_run_unittests__(names):
    """Runs the TestCase classes of a namespace; the first failure or error is raised as it came."""
    import unittest

    class First(unittest.TestResult):
        found = None
        ran = 0

        def addFailure(self, test, error):
            self._note(error)

        addError = addFailure

        def addSubTest(self, test, subtest, error):
            if error is not None:
                self._note(error)

        def addSuccess(self, test):
            self.ran += 1

        def addUnexpectedSuccess(self, test):
            self._note((None, AssertionError("unexpected success"), None))

        def _note(self, error):
            self.found = self.found or error[1]
            self.stop()

    loader = unittest.TestLoader()
    result = First()
    for kind in [value for value in list(dict.values(names)) if isinstance(value, type) and issubclass(value, unittest.TestCase)]:
        loader.loadTestsFromTestCase(kind).run(result)
        if result.found is not None:
            raise result.found
    if not result.ran:
        raise AssertionError("no test ran")
