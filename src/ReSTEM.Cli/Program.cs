using ReSTEM.Cli;

return await CommandLine.RunAsync(args);
