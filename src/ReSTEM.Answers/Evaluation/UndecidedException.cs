namespace ReSTEM.Answers;

/// <summary>At this precision it is not known on which side of a case an intermediate value lies; more precision may tell.</summary>
internal sealed class UndecidedException() : Exception("a sign is not decided at this precision");
