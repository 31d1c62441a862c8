def __restem_solution__(names):
    """The module `solution` of test code is the submission: its names are asked for where it runs."""
    import sys
    import types

    class Solution(types.ModuleType):
        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            try:
                return names[name]
            except KeyError:
                raise AttributeError("the submission does not define %s" % name) from None

    sys.modules["solution"] = Solution("solution")


__restem_solution__(globals())
