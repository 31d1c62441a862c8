using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Reads a completion by the syntax of Python, in the sandbox: which blocks are the program, and what it takes to mend it.</summary>
internal sealed class CodeReader(CodeSandbox sandbox)
{
    /// <summary>The program in a text. The text is parsed by a child that confined itself, and not run.</summary>
    /// <param name="tests">The problem's tests; of them the child gets the names they call and what comes before a submission.</param>
    /// <param name="text">A completion without reasoning and end mark.</param>
    /// <param name="repairs">Those allowed.</param>
    /// <param name="used">Names of repairs needed so far.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="SandboxException">The sandbox failed.</exception>
    public async Task<ExtractedCode> ReadAsync(
        CodeTests tests, string text, CodeRepairs repairs, List<string> used, CancellationToken cancellationToken)
    {
        string form = tests.Form is CodeTestForm.StandardIo ? "program" : "function";
        string starter = tests.CompletionContinuesPreamble ? tests.Preamble : tests.Starter;
        byte[] payload = PyCodec.Encode(PyValue.TupleOf(
            PyValue.Of(text),
            PyValue.Of(form),
            PyValue.ListOf(CodeExtraction.Wanted(tests).Select(PyValue.Of)),
            PyValue.Of(tests.Preamble),
            PyValue.Of(starter),
            PyValue.ListOf(Names(repairs).Select(PyValue.Of))));
        var run = await sandbox.RunSubmissionAsync(RunMode.Read, payload, cancellationToken);
        if (ChildFrames.ReadAll(run.Output) is not [var message] || message.Span[0] != 'v')
        {
            return ExtractedCode.None("no-code"); // it broke the parser, or took longer than a program may
        }

        var found = PyCodec.Decode(message.Span[1..]).Items;
        return new ExtractedCode(
            [.. found[1].Items.Select(part => part.Text)],
            found[2].Text,
            found[3].Text,
            [.. used.Concat(found[4].Items.Select(name => name.Text)).Distinct()],
            found[0].Text);
    }

    private static IEnumerable<string> Names(CodeRepairs repairs)
    {
        if (repairs.HasFlag(CodeRepairs.Fence))
        {
            yield return "fence";
        }

        if (repairs.HasFlag(CodeRepairs.FirstLine))
        {
            yield return "first-line";
        }

        if (repairs.HasFlag(CodeRepairs.Indentation))
        {
            yield return "indentation";
        }

        if (repairs.HasFlag(CodeRepairs.Prose))
        {
            yield return "prose";
        }

        if (repairs.HasFlag(CodeRepairs.Spaces))
        {
            yield return "spaces";
        }
    }
}
