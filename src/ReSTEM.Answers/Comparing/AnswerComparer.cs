namespace ReSTEM.Answers;

/// <summary>Compares two prepared answers by their shapes. Symmetric in its arguments.</summary>
internal static class AnswerComparer
{
    internal static Comparison Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        budget.Spend(1);
        if (Normaliser.IsScalar(left) && Normaliser.IsScalar(right))
        {
            return MeasuredComparer.Compare(left, right, context, budget);
        }

        (left, right) = (Matrices.RowAsTuple(left, right), Matrices.RowAsTuple(right, left));
        budget.Spend(3); // each of the kinds below is tried
        var (column, other) = (Matrices.ColumnAsTuple(left), Matrices.ColumnAsTuple(right));
        left = UnitVectors.AsTuple(left, other, budget) ?? left;
        right = UnitVectors.AsTuple(right, column, budget) ?? right;
        return Relations.Compare(left, right, context, budget)
            ?? RealSets.Compare(left, right, budget)
            ?? Collections.Compare(left, right, context, budget)
            ?? Words.Compare(left, right, context, budget)
            ?? Comparison.Different("shape");
    }
}
