namespace ReSTEM.Tests;

/// <summary>Tests that look at the whole process, and so run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
