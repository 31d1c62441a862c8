namespace ReSTEM.Answers;

/// <summary>The product of the conjugates of a sum in an n-th root t other than itself, without leaving the field.</summary>
/// <remarks>
/// value times the product is the norm: the determinant of multiplication by value in the basis 1, t, ..., t^(n-1).
/// By Cramer's rule the product is the first row of cofactors read as coefficients of powers of t.
/// </remarks>
internal static class RootConjugates
{
    internal static Polynomial Product(Polynomial value, Atom atom, int degree, Budget budget)
    {
        var coefficients = new Polynomial[degree];
        Array.Fill(coefficients, Polynomial.Zero);
        foreach (var (monomial, coefficient) in value.Terms)
        {
            var power = monomial.PowerOf(atom) * new Exponent(degree, 1);
            coefficients[power.Numerator] = coefficients[power.Numerator]
                .Plus(Polynomial.Term(monomial.Without(atom), coefficient), budget);
        }

        // Column j holds value * t^j; t^degree is the prime itself.
        var matrix = new Polynomial[degree, degree];
        for (int column = 0; column < degree; column++)
        {
            for (int k = 0; k < degree; k++)
            {
                int row = (k + column) % degree;
                matrix[row, column] = k + column >= degree
                    ? coefficients[k].Scaled(new Rational(atom.Number))
                    : coefficients[k];
            }
        }

        var product = Polynomial.Zero;
        for (int column = 0; column < degree; column++)
        {
            var cofactor = Determinant(Minor(matrix, 0, column), budget);
            var term = cofactor.Times(
                Polynomial.Term(Monomial.Of(atom, new Exponent(column, degree)), Rational.One), budget);
            product = product.Plus(column % 2 == 0 ? term : term.Negated(), budget);
        }

        return product;
    }

    private static Polynomial Determinant(Polynomial[,] matrix, Budget budget)
    {
        int size = matrix.GetLength(0);
        if (size == 0)
        {
            return Polynomial.One;
        }

        var sum = Polynomial.Zero;
        for (int column = 0; column < size; column++)
        {
            if (matrix[0, column].IsZero)
            {
                continue;
            }

            var term = matrix[0, column].Times(Determinant(Minor(matrix, 0, column), budget), budget);
            sum = sum.Plus(column % 2 == 0 ? term : term.Negated(), budget);
        }

        return sum;
    }

    private static Polynomial[,] Minor(Polynomial[,] matrix, int row, int column)
    {
        int size = matrix.GetLength(0) - 1;
        var minor = new Polynomial[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                minor[i, j] = matrix[i < row ? i : i + 1, j < column ? j : j + 1];
            }
        }

        return minor;
    }
}
