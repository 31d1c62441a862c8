using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>The program that gives expected results: a reference solution, its contract, and what calls both.</summary>
internal static class ReferenceProgram
{
    public const string EntryPoint = "__restem_expected__";
    public const string ContractError = "InputAgainstContract";

    // The contract has the function's own parameters, so it is checked in a copy of the function whose body it replaces.
    private const string Caller = """


        class InputAgainstContract(Exception):
            pass


        def __restem_make(source, contract, entry, also, only_none):
            import ast, base64, copy, textwrap
            decode = lambda text: base64.b64decode(text).decode("utf-8", "surrogatepass")
            source, contract = decode(source), decode(contract)
            space = globals()
            holds = lambda *arguments: None
            if contract.strip():
                tree = ast.parse(source)
                function = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry][-1]
                function.body = ast.parse("def contract():\n" + textwrap.indent(textwrap.dedent(contract.strip("\n")), "    ")).body[0].body
                function.decorator_list, function.name = [], "__restem_contract__"
                exec(compile(ast.Module([function], []), "<contract>", "exec"), space)
                holds = space["__restem_contract__"]
            functions = [space[name] for name in [entry, *also]]

            def expected(*arguments):
                try:
                    holds(*copy.deepcopy(arguments))
                except Exception as error:
                    raise InputAgainstContract("%s: %s" % (type(error).__name__, error))
                results = [function(*copy.deepcopy(arguments)) for function in functions]
                return [result is not None for result in results] if only_none else results

            return expected


        """;

    /// <summary>The whole program; its entry point gives a list of right results.</summary>
    public static string Of(CodeTests tests)
    {
        var reference = tests.Reference!;
        string also = string.Join(", ", reference.AlsoRight.Select(name => $"'{name}'"));
        string onlyNone = reference.Oracle is ReferenceOracle.NoneOrNot ? "True" : "False";
        return reference.Source + Caller
            + $"{EntryPoint} = __restem_make('{Base64(reference.Source)}', '{Base64(reference.Contract)}', '{tests.EntryPoint}', [{also}], {onlyNone})\n";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
