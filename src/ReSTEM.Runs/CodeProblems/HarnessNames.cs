namespace ReSTEM.Runs;

/// <summary>
/// Imports that the published harness of a form puts before every submission, so that programs were written, and solutions are right,
/// without them. Only problems of that form get them. Packages of third parties are there when the sandbox has them.
/// </summary>
internal static class HarnessNames
{
    /// <summary>APPS.</summary>
    /// <remarks>Hendrycks et al. 2021, arXiv:2105.09938: the names that its test code imports for both of its forms, and all of typing.</remarks>
    internal const string Apps = """
        import sys, time, itertools, collections, math, fractions, random, heapq, functools, bisect, string, re
        from itertools import accumulate, product, permutations, combinations
        from collections import Counter, OrderedDict, deque, defaultdict, ChainMap
        from functools import lru_cache, cmp_to_key, reduce
        from math import sqrt, sin, cos, tan, ceil, fabs, floor, gcd, exp, log, log2
        from heapq import *
        from typing import *
        if "numpy" in sys.modules: import numpy as np

        """;

    /// <summary>LiveCodeBench.</summary>
    /// <remarks>Jain et al. 2024, arXiv:2403.07974: all names of these modules, then the built-in ones again, and deep recursion.</remarks>
    internal const string LiveCodeBench = """
        from string import *
        from re import *
        from datetime import *
        from collections import *
        from heapq import *
        from bisect import *
        from copy import *
        from math import *
        from random import *
        from statistics import *
        from itertools import *
        from functools import *
        from operator import *
        from io import *
        from sys import *
        from json import *
        from builtins import *
        from typing import *
        import string, re, datetime, collections, heapq, bisect, copy, math, random, statistics, itertools, functools, operator, io, sys, json
        sys.setrecursionlimit(50000)

        """;
}
