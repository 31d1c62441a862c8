using System.Globalization;

namespace ReSTEM.Runs;

/// <summary>
/// MBPP+ is published as JSON, which has no tuples, sets or complex numbers; which arguments are those is known by the number of the
/// problem.
/// </summary>
/// <remarks>The data set's own rule for reading its inputs, Liu et al. 2023, arXiv:2305.01210; numbers are those of MBPP.</remarks>
internal static class EvalPlusInputs
{
    private static readonly PythonShape AsIs = PythonShape.AsIs;
    private static readonly PythonShape Tuple = PythonShape.Tuple;
    private static readonly PythonShape ListOfTuples = new(PythonShapeKind.List, Tuple);
    private static readonly PythonShape TupleOfTuples = new(PythonShapeKind.Tuple, Tuple);

    private static readonly (int[] Problems, PythonShape[] Shapes)[] Rules =
    [
        ([2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809], [Tuple]),
        ([63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780], [ListOfTuples]),
        ([75, 413, 444, 753], [ListOfTuples, AsIs]),
        ([106, 750], [AsIs, Tuple]),
        ([115], [new PythonShape(PythonShapeKind.List, new PythonShape(PythonShapeKind.SetOrEmptyDict)), AsIs]),
        ([124], [new PythonShape(PythonShapeKind.Float), new PythonShape(PythonShapeKind.Complex), AsIs]),
        ([250, 307, 405, 446, 617, 720, 763, 808], [Tuple, AsIs]),
        ([252], [new PythonShape(PythonShapeKind.Complex), AsIs]),
        ([259, 401, 445], [TupleOfTuples]),
        ([278], [TupleOfTuples, AsIs]),
        ([580, 615, 791], [new PythonShape(PythonShapeKind.TuplesAllTheWay)]),
        ([722], [new PythonShape(PythonShapeKind.Dict, Tuple), AsIs]),
    ];

    private static readonly Dictionary<int, PythonShape[]> ByProblem =
        Rules.SelectMany(rule => rule.Problems.Select(problem => (problem, rule.Shapes))).ToDictionary(pair => pair.problem, pair => pair.Shapes);

    /// <summary>One shape an argument, the last one for all that follow.</summary>
    internal static PythonShape[] ShapesOf(string id) =>
        id.StartsWith("Mbpp/", StringComparison.Ordinal)
        && int.TryParse(id["Mbpp/".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && ByProblem.TryGetValue(number, out PythonShape[]? shapes)
            ? shapes
            : [AsIs];
}
