using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

/// <summary>Annotators of a classified set: how far they agree, and accuracy where they do.</summary>
public sealed class SetAgreementTests
{
    // Three annotators each: all agree on 1 and 3 (a model is right on both), two of three on 2 and 4 (right on one). Problem 5 has one annotator.
    private static readonly ClassResults Results = new(
        ["small"], [],
        [new ClassifiedSet("test", [[Of("1", "aaa", 'a'), Of("2", "aab", 'b'), Of("3", "bbb", 'b'), Of("4", "abb", 'b'), Of("5", "a", 'b')]], 0)], 1);

    [Fact]
    public void Problems_with_several_annotators_make_alpha_and_the_curve()
    {
        SetAgreement agreement = SetAgreement.Of(Results, Results.Sets[0])!;
        Assert.Equal(4, agreement.Items);
        Assert.Equal(5.0 / 6, agreement.Mean, precision: 12);
        Assert.Equal([(2.0 / 3, 4, 0.75), (1, 2, 1)], agreement.Curves[0].Points.Select(point => (point.Gamma, point.Items, point.Accuracy.Value)));

        // n = 12, six of each label: sum of n_c n_k = 72; each split problem has 4 ordered pairs over m - 1 = 2. alpha = 1 - 11 * 4 / 72.
        Assert.Equal(1 - (11.0 * 4 / 72), agreement.Alpha!.Value.Value, precision: 12);
    }

    // The second seed is wrong on 3, where all annotators agree: (3 + 2) / 2 right of four, (2 + 1) / 2 of the two that are agreed on.
    [Fact]
    public void Over_seeds_accuracy_is_the_mean()
    {
        LabelPrediction[] first = [.. Results.Sets[0].Models[0]], second = [.. first];
        second[2] = Of("3", "bbb", 'a');
        SetAgreement agreement = SetAgreement.Of([[first, second], [first, first]], RandomStream.Of(1, RandomPurpose.Bootstrap))!;
        Assert.Equal([(2.0 / 3, 4, 0.625), (1, 2, 0.75)], agreement.Curves[0].Points.Select(point => (point.Gamma, point.Items, point.Accuracy.Value)));
        Assert.Equal(SetAgreement.Of(Results, Results.Sets[0])!.Curves[0].Points.Select(point => point.Accuracy.Value), agreement.Curves[1].Points.Select(point => point.Accuracy.Value));
    }

    [Fact]
    public void Text_page_and_JSON_have_them()
    {
        Assert.Contains("4 problems have several annotators: mean agreement 0.833, Krippendorff's alpha 0.3889 (", ClassTable.Text(Results), StringComparison.Ordinal);
        Assert.Contains("accuracy where agreement is at least gamma; slope 0.750, R^2 1.000, Spearman's rho 1.000", ClassTable.Text(Results), StringComparison.Ordinal);
        Assert.Contains("whose annotators agree at least so far", ClassPage.Text("x", Results), StringComparison.Ordinal);
        Assert.Equal(4, (int)ClassJson.Of(Results)["sets"]!["test"]!["agreement"]!["problems"]!);
    }

    [Fact]
    public void Without_several_annotators_there_is_none()
    {
        var alone = new ClassResults(["small"], [], [new ClassifiedSet("test", [[Of("5", "a", 'b')]], 0)], 1);
        Assert.Null(SetAgreement.Of(alone, alone.Sets[0]));
        Assert.DoesNotContain("annotators:", ClassTable.Text(alone), StringComparison.Ordinal);
        Assert.Null(ClassJson.Of(alone)["sets"]!["test"]!["agreement"]);
    }

    /// <param name="id">Of the problem.</param>
    /// <param name="said">A letter for each annotator; the first of the majority is the hard label.</param>
    /// <param name="predicted">What the model says.</param>
    private static LabelPrediction Of(string id, string said, char predicted)
    {
        int[] annotations = [.. said.Select(label => label - 'a')];
        double share = annotations.Average();
        var target = new LabelTarget
        {
            Labels = ["a", "b"],
            Verbalisers = ["a", "b"],
            Distribution = [1 - share, share],
            Hard = share > 0.5 ? 1 : 0,
            Annotations = annotations,
        };
        return new LabelPrediction(id, target, predicted == 'a' ? [-0.1, -3] : [-3, -0.1]);
    }
}
