using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Sentences as contest statements have them, and their neighbours that mean something else.</summary>
public sealed class StatementRulesTests
{
    private const ToleranceKind Either = ToleranceKind.AbsoluteOrRelative;
    private const ToleranceKind Absolute = ToleranceKind.Absolute;
    private const ToleranceKind Relative = ToleranceKind.Relative;

    [Theory]
    [InlineData("Your answer is considered correct if its absolute or relative error does not exceed $10^{-6}$.", 1e-6, Either)]
    [InlineData("Absolute or relative error of your answer should not be greater than 10 - 6.", 1e-6, Either)]
    [InlineData("The answer should have relative error of at most 1e-9.", 1e-9, Relative)]
    [InlineData("Your answer must be accurate to within an absolute error of 0.001.", 1e-3, Absolute)]
    [InlineData("Your output is accepted if the difference to the judge's answer is less than $10^{-3}$.", 1e-3, Absolute)]
    [InlineData("Print the number with an error of not more than 10^{-5}.", 1e-5, Absolute)]
    [InlineData("Answers within 10^-5 of the actual answer will be accepted.", 1e-5, Absolute)]
    [InlineData("Answers within 10⁻⁵ of the actual answer are accepted.", 1e-5, Absolute)]
    [InlineData("Print the expected value with absolute or relative error.", 1e-6, Either)]
    [InlineData("The checker allows answers that are off by 10^-4.", 1e-4, Absolute)]
    public void A_stated_tolerance_is_read(string statement, double tolerance, ToleranceKind kind)
    {
        var rule = StatementRules.Of("Read n numbers. " + statement + " Good luck!");
        Assert.Equal((tolerance, kind), (rule.Tolerance, rule.ToleranceIs));
    }

    [Theory]
    [InlineData("Print the answer accurate to 4 decimal places.", 4)]
    [InlineData("Output the mean rounded to two decimal places.", 2)]
    [InlineData("Print a real number with at least 6 digits after the decimal point.", 6)]
    [InlineData("Print the average with 3 places after the decimal point.", 3)]
    public void Decimal_places_are_half_a_unit_of_the_last(string statement, int places)
    {
        var rule = StatementRules.Of(statement);
        Assert.Equal((0.5000001 * Math.Pow(10, -places), Absolute), (rule.Tolerance, rule.ToleranceIs));
    }

    [Theory]
    [InlineData("The numbers are given with a precision of 10^{-3}. Print their sum.")]
    [InlineData("Each input number has at most 2 digits after the decimal point. Sum them.")]
    [InlineData("Count the pairs whose difference is at most 0.001.")]
    [InlineData("Print the answer modulo 10^9 + 7.")]
    [InlineData("Print the absolute difference of a and b.")]
    [InlineData("Print the minimum absolute error that remains.", 1e-6)] // names an error, so it is one
    public void Other_sentences_state_no_tolerance(string statement, double tolerance = 0) =>
        Assert.Equal(tolerance, StatementRules.Of(statement).Tolerance);

    [Theory]
    [InlineData("You may print every letter in any case (upper or lower).", true)]
    [InlineData("You can output the answer in any case (for example, the strings \"yEs\" and \"Yes\" will be recognized).", true)]
    [InlineData("Print \"YES\" or \"NO\" in any case.", true)]
    [InlineData("You can print each character in any register.", true)]
    [InlineData("The output is case-insensitive.", true)]
    [InlineData("The checker is case insensitive.", true)]
    [InlineData("In any case its length is at most 100.", false)]
    [InlineData("In any case, print the length.", false)]
    [InlineData("If n is zero print 0 in any case.", false)]
    [InlineData("Words are compared in a case-insensitive way. Print the first.", false)]
    [InlineData("The string has upper or lower case letters.", false)]
    [InlineData("Print the word in lower case.", false)]
    public void Case_is_free_only_where_it_is_said_of_the_answer(string statement, bool free) =>
        Assert.Equal(free, StatementRules.Of(statement).IgnoreCase);

    [Theory]
    [InlineData("Print the numbers in any order.", true)]
    [InlineData("You may return the answer in any order.", true)]
    [InlineData("Return all such pairs. The order of the output does not matter.", true)]
    [InlineData("Output the edges in arbitrary order.", true)]
    [InlineData("The numbers are given in any order. Print them sorted.", false)]
    [InlineData("You can perform the operations in any order. Print the result.", false)]
    [InlineData("The order of the operations does not matter. Print the sum.", false)]
    [InlineData("Print the numbers in ascending order.", false)]
    public void Order_is_free_only_where_it_is_said_of_the_answer(string statement, bool free) =>
        Assert.Equal(free, StatementRules.Of(statement).AnyOrder);

    [Theory]
    [InlineData("If there are several answers, print any of them.", true)]
    [InlineData("If there are multiple solutions, you can print any.", true)]
    [InlineData("If multiple answers exist, any of them will be accepted.", true)]
    [InlineData("If there are many ways, output any valid one.", true)]
    [InlineData("Find any of the optimal answers.", true)]
    [InlineData("The answer is not unique.", true)]
    [InlineData("If there are several answers, print the smallest.", false)]
    [InlineData("Do not print any spaces.", false)]
    [InlineData("Print any extra information to stderr only.", false)]
    [InlineData("Is there any such number?", false)]
    [InlineData("There are several ways to climb. Print their number.", false)]
    public void Another_answer_may_be_right_only_where_it_is_said(string statement, bool may) =>
        Assert.Equal(may, StatementRules.Of(statement).OtherOutputsMayBeRight);
}
