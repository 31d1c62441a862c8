namespace ReSTEM.Runs;

/// <summary>What sites with ready-made heads of functions import before a submission.</summary>
internal static class SiteImports
{
    /// <summary>The usual libraries and their names, as LeetCode's and the harnesses of APPS and LiveCodeBench have them.</summary>
    internal const string Usual = """
        import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random, re, string, sys
        from typing import *
        from collections import *
        from itertools import *
        from functools import *
        from heapq import *
        from bisect import *
        from math import *
        from operator import *
        from string import *
        from functools import cache, lru_cache
        from math import inf, gcd
        """;
}
