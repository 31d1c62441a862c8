// What can be run: references DATA | costs DATA [RESULT FILE [WORD OF A MIX]] | rates DATA [RESULT FILE] | soak RUNS | steady DATA [RESULT FILE [WORD OF A CONDITION]] | hold | service DATA [RESULT FILE]
using System.Globalization;
using ReSTEM.SandboxBenchmarks;

string mode = args.Length > 0 ? args[0] : "references";
string data = args.Length > 1 ? args[1] : "../shared/data";
switch (mode)
{
    case "rates":
        await Rates.RunAsync(data, args.Length > 2 ? args[2] : "");
        await Costs.RunAsync(data, args.Length > 2 ? args[2] : "");
        break;
    case "costs":
        await Costs.RunAsync(data, args.Length > 2 ? args[2] : "", args.Length > 3 ? args[3] : "");
        break;
    case "soak":
        await Soak.RunAsync(int.Parse(args[1], CultureInfo.InvariantCulture));
        break;
    case "steady":
        await Steadiness.RunAsync(data, args.Length > 2 ? args[2] : "", args.Length > 3 ? args[3] : "");
        break;
    case "service":
        await ServiceRates.RunAsync(Environment.CurrentDirectory, data, args.Length > 2 ? args[2] : "");
        break;
    case "hold":
        await Hold.RunAsync();
        break;
    default:
        await ReferenceRun.RunAllAsync(data);
        break;
}
