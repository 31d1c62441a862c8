
namespace ReSTEM.Answers;

/// <summary>Named functions of normal forms: exact values where there are rules, else an atom.</summary>
internal static class Functions
{
    /// <summary>Largest argument of a factorial that is multiplied out.</summary>
    internal const int MaxFactorial = 10_000;

    internal static Form Of(string name, Form[] arguments, Budget budget)
    {
        var exact = (name, arguments.Length) switch
        {
            ("sin" or "cos" or "tan" or "cot" or "sec" or "csc", 1) => Trigonometric(name, arguments[0], budget),
            ("cis", 1) => Of("cos", arguments, budget).Plus(
                Of("sin", arguments, budget).Times(Form.Of(Atom.ImaginaryUnit), budget), budget),
            ("sinh" or "cosh" or "tanh" or "coth" or "sech" or "csch", 1) => Hyperbolic(name, arguments[0], budget),
            ("arsinh" or "arcosh" or "artanh", 1) => InverseHyperbolic(name, arguments[0], budget),
            ("gamma", 1) => Of("factorial", [arguments[0].Minus(Form.One, budget)], budget),
            ("exp", 1) => Powers.Of(Form.Of(Atom.Euler), arguments[0], budget),
            ("ln", 1) => Logarithms.Natural(arguments[0], budget),
            ("log", 1) => Logarithms.Natural(arguments[0], budget).DividedBy(Logarithms.Natural(Form.Of(10), budget), budget),
            ("log", 2) => Logarithms.Natural(arguments[0], budget).DividedBy(Logarithms.Natural(arguments[1], budget), budget),
            _ => WholeFunctions.Of(name, arguments, budget),
        };
        return exact ?? Opaque(name, arguments, budget);
    }

    private static Form? Trigonometric(string name, Form argument, Budget budget)
    {
        switch (name)
        {
            case "tan":
                return Of("sin", [argument], budget).DividedBy(Of("cos", [argument], budget), budget);
            case "cot":
                return Of("cos", [argument], budget).DividedBy(Of("sin", [argument], budget), budget);
            case "sec":
                return Of("cos", [argument], budget).Inverse(budget);
            case "csc":
                return Of("sin", [argument], budget).Inverse(budget);
        }

        if (TurnsOfPi(argument) is { } turns)
        {
            var exact = name == "cos" ? ExactTrigonometry.CosPi(turns, budget) : ExactTrigonometry.SinPi(turns, budget);
            return exact ?? CosineAtom(name == "cos" ? turns : new Rational(1, 2) - turns);
        }

        // sin is odd, cos is even: one sign of the argument is enough.
        if (argument.Numerator.LeadingCoefficient.Sign < 0)
        {
            var positive = Opaque(name, [argument.Negated()], budget);
            return name == "sin" ? positive.Negated() : positive;
        }

        return null;
    }

    /// <summary>By exponentials: sinh x = (e^x - e^-x)/2, cosh x = (e^x + e^-x)/2, and their quotients.</summary>
    private static Form Hyperbolic(string name, Form x, Budget budget)
    {
        var up = Of("exp", [x], budget);
        var down = Of("exp", [x.Negated()], budget);
        var half = Form.Of(new Rational(1, 2));
        var sinh = up.Minus(down, budget).Times(half, budget);
        var cosh = up.Plus(down, budget).Times(half, budget);
        return name switch
        {
            "sinh" => sinh,
            "cosh" => cosh,
            "tanh" => sinh.DividedBy(cosh, budget),
            "coth" => cosh.DividedBy(sinh, budget),
            "sech" => cosh.Inverse(budget),
            _ => sinh.Inverse(budget),
        };
    }

    /// <summary>By logarithms: arsinh x = ln(x + sqrt(x^2 + 1)), arcosh x = ln(x + sqrt(x^2 - 1)), artanh x = ln((1 + x)/(1 - x))/2.</summary>
    private static Form InverseHyperbolic(string name, Form x, Budget budget)
    {
        var half = Form.Of(new Rational(1, 2));
        if (name == "artanh")
        {
            var quotient = Form.One.Plus(x, budget).DividedBy(Form.One.Minus(x, budget), budget);
            return Logarithms.Natural(quotient, budget).Times(half, budget);
        }

        var square = x.Times(x, budget).Plus(Form.Of(name == "arsinh" ? 1 : -1), budget);
        return Logarithms.Natural(x.Plus(Powers.Of(square, half, budget), budget), budget);
    }

    /// <summary>cos(q pi) with q folded into (0, 1/2).</summary>
    private static Form CosineAtom(Rational q)
    {
        q -= 2 * new Rational((q / 2).Floor());
        q = q > 1 ? 2 - q : q;
        bool negative = q > new Rational(1, 2);
        var atom = Form.Of(new Atom(AtomKind.Function, $"cos-pi({(negative ? 1 - q : q)})"));
        return negative ? atom.Negated() : atom;
    }

    /// <summary>q when the form is q pi.</summary>
    private static Rational? TurnsOfPi(Form form)
    {
        if (form.Numerator.IsZero)
        {
            return Rational.Zero;
        }

        return form.Denominator.IsOne && form.Numerator.IsSingleTerm
            && form.Numerator.Terms[0].Monomial.Equals(Monomial.Of(Atom.Pi, Exponent.One))
                ? form.Numerator.LeadingCoefficient
                : null;
    }

    /// <summary>A function without a rule, as one atom.</summary>
    internal static Form Opaque(string name, Form[] arguments, Budget budget)
    {
        budget.SpendOnWriting(arguments.Sum(static argument => argument.WrittenLength));
        return Form.Of(new Atom(AtomKind.Function, $"{name}({string.Join(',', (object[])arguments)})")
        {
            IsVariable = name is "f" or "g" || Array.Exists(arguments, static argument => argument.HasVariable),
        });
    }
}
