namespace Init.Prover.Curve;

/// <summary>c0 + c1 u in the quadratic extension of BN254's base field, with u^2 = -1: where G2's coordinates are.</summary>
/// <param name="C0">The part without u.</param>
/// <param name="C1">The part with u.</param>
internal readonly record struct QuadraticElement(FieldElement<BaseFieldModulus> C0, FieldElement<BaseFieldModulus> C1)
{
    /// <summary>The neutral element of multiplication.</summary>
    public static QuadraticElement One => new(FieldElement<BaseFieldModulus>.One, default);

    /// <summary>Whether this is the neutral element of addition.</summary>
    public bool IsZero => C0.IsZero && C1.IsZero;

    /// <summary>The sum.</summary>
    public static QuadraticElement operator +(in QuadraticElement left, in QuadraticElement right) =>
        new(left.C0 + right.C0, left.C1 + right.C1);

    /// <summary>The difference.</summary>
    public static QuadraticElement operator -(in QuadraticElement left, in QuadraticElement right) =>
        new(left.C0 - right.C0, left.C1 - right.C1);

    /// <summary>The product.</summary>
    public static QuadraticElement operator *(in QuadraticElement left, in QuadraticElement right) =>
        new((left.C0 * right.C0) - (left.C1 * right.C1), (left.C0 * right.C1) + (left.C1 * right.C0));

    /// <summary>The square.</summary>
    public QuadraticElement Square() => this * this;

    /// <summary>The multiplicative inverse: the conjugate over the norm; zero for zero.</summary>
    public QuadraticElement Invert()
    {
        FieldElement<BaseFieldModulus> inverseNorm = (C0.Square() + C1.Square()).Invert();
        return new(C0 * inverseNorm, default(FieldElement<BaseFieldModulus>) - (C1 * inverseNorm));
    }
}
