using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class ReasoningTests
{
    [Theory]
    [InlineData("It is 5.", "It is 5.")]
    [InlineData("<think>It is 4.</think>\nIt is 5.", "It is 5.")]
    [InlineData("so it is 4</think> It is 5.", "It is 5.")]
    [InlineData("<THINKING>4</THINKING>5<reasoning>6</reasoning>", "5")]
    [InlineData("<think>a<think>b</think>c</think>5", "5")]
    [InlineData("◁think▷4◁/think▷5", "5")]
    [InlineData("<|begin_of_thought|>4<|end_of_thought|>5", "5")]
    [InlineData("[THINK]4[/THINK]5", "5")]
    [InlineData("<think>It is 4.", null)]
    [InlineData("It is 3. <think>It is 4.", null)]
    [InlineData("<think>4</think>5<think>", null)]
    [InlineData("I think <b>5</b>", "I think <b>5</b>")]
    [InlineData("", "")]
    public void Only_what_stands_outside_ended_reasoning_is_left(string completion, string? left) =>
        Assert.Equal(left, Reasoning.Without(completion));
}
