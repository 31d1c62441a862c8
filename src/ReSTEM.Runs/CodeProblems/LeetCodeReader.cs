using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A call-based LeetCode row: <c>id</c>, <c>entry_point</c>, <c>problem</c>, <c>solution</c>, <c>test</c>, where the test ends in a call of
/// <c>check(Solution().name)</c>. Submissions may use the usual libraries without importing them, as on the site.
/// </summary>
internal static class LeetCodeReader
{
    private const string UsualImports = """
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

    internal static Problem Read(DataRow row) => new()
    {
        Id = row.Optional("id") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
        Task = TaskKind.Code,
        Prompt = row.Optional("problem"),
        Solution = row.Optional("solution"),
        Tests = new CodeTests
        {
            Form = CodeTestForm.Asserts,
            Preamble = UsualImports,
            Setup = UsualImports,
            Statements = [row.NonBlank("test")],
        },
        Metadata = new Dictionary<string, string> { ["entry_point"] = row.NonBlank("entry_point") },
    };
}
