using System.Runtime.CompilerServices;

namespace Init.Prover.Curve;

/// <summary>An element of a prime field, in Montgomery form (times 2^256), always below the modulus.</summary>
/// <remarks>
/// For public data: the timing depends on the values. The multiplication is CIOS (Koç, Acar, Kaliski 1996) without the last carry
/// word, which a modulus below 2^254 never needs.
/// </remarks>
/// <typeparam name="TModulus">The field. Each one gets machine code of its own.</typeparam>
internal readonly struct FieldElement<TModulus> : IEquatable<FieldElement<TModulus>>
    where TModulus : struct, IModulus
{
    /// <summary>The length of an element's big-endian form.</summary>
    public const int LengthBytes = 32;

    private readonly ulong _l0;
    private readonly ulong _l1;
    private readonly ulong _l2;
    private readonly ulong _l3;

    private FieldElement(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        _l0 = l0;
        _l1 = l1;
        _l2 = l2;
        _l3 = l3;
    }

    /// <summary>The neutral element of addition.</summary>
    public static FieldElement<TModulus> Zero => default;

    /// <summary>The neutral element of multiplication.</summary>
    public static FieldElement<TModulus> One { get; } = FromUInt64(1);

    /// <summary>The modulus as a number.</summary>
    public static Limbs Modulus => new(TModulus.Limb0, TModulus.Limb1, TModulus.Limb2, TModulus.Limb3);

    /// <summary>Whether this is the neutral element of addition.</summary>
    public bool IsZero => (_l0 | _l1 | _l2 | _l3) == 0;

    /// <summary>The element of a small number.</summary>
    public static FieldElement<TModulus> FromUInt64(ulong value) => ToMontgomery(new(value, 0, 0, 0));

    /// <summary>Reads 32 bytes, most significant first.</summary>
    /// <returns>False for a number that is not below the modulus.</returns>
    public static bool TryFromBigEndian(ReadOnlySpan<byte> bytes, out FieldElement<TModulus> element)
    {
        Limbs value = Limbs.FromBigEndian(bytes);
        if (!IsBelowModulus(value))
        {
            element = default;
            return false;
        }

        element = ToMontgomery(value);
        return true;
    }

    /// <summary>The sum.</summary>
    public static FieldElement<TModulus> operator +(in FieldElement<TModulus> left, in FieldElement<TModulus> right)
    {
        ulong l0 = AddCarry(left._l0, right._l0, 0, out ulong carry);
        ulong l1 = AddCarry(left._l1, right._l1, carry, out carry);
        ulong l2 = AddCarry(left._l2, right._l2, carry, out carry);
        ulong l3 = left._l3 + right._l3 + carry;
        return Reduce(l0, l1, l2, l3);
    }

    /// <summary>The difference.</summary>
    public static FieldElement<TModulus> operator -(in FieldElement<TModulus> left, in FieldElement<TModulus> right)
    {
        ulong l0 = SubtractBorrow(left._l0, right._l0, 0, out ulong borrow);
        ulong l1 = SubtractBorrow(left._l1, right._l1, borrow, out borrow);
        ulong l2 = SubtractBorrow(left._l2, right._l2, borrow, out borrow);
        ulong l3 = SubtractBorrow(left._l3, right._l3, borrow, out borrow);
        if (borrow != 0)
        {
            l0 = AddCarry(l0, TModulus.Limb0, 0, out ulong carry);
            l1 = AddCarry(l1, TModulus.Limb1, carry, out carry);
            l2 = AddCarry(l2, TModulus.Limb2, carry, out carry);
            l3 += TModulus.Limb3 + carry;
        }

        return new(l0, l1, l2, l3);
    }

    /// <summary>The product.</summary>
    public static FieldElement<TModulus> operator *(in FieldElement<TModulus> left, in FieldElement<TModulus> right)
    {
        ulong t0 = 0;
        ulong t1 = 0;
        ulong t2 = 0;
        ulong t3 = 0;
        MultiplyStep(left, right._l0, ref t0, ref t1, ref t2, ref t3);
        MultiplyStep(left, right._l1, ref t0, ref t1, ref t2, ref t3);
        MultiplyStep(left, right._l2, ref t0, ref t1, ref t2, ref t3);
        MultiplyStep(left, right._l3, ref t0, ref t1, ref t2, ref t3);
        return Reduce(t0, t1, t2, t3);
    }

    /// <summary>The square.</summary>
    public FieldElement<TModulus> Square() => this * this;

    /// <summary>The multiplicative inverse, by Fermat's little theorem; zero for zero.</summary>
    public FieldElement<TModulus> Invert() =>
        Power(new(TModulus.Limb0 - 2, TModulus.Limb1, TModulus.Limb2, TModulus.Limb3));

    /// <summary>This element to the power of <paramref name="exponent"/>.</summary>
    public FieldElement<TModulus> Power(in Limbs exponent)
    {
        FieldElement<TModulus> result = One;
        for (int i = 255; i >= 0; i--)
        {
            result = result.Square();
            if (exponent.Bit(i))
            {
                result *= this;
            }
        }

        return result;
    }

    /// <summary>The number below the modulus that this element stands for.</summary>
    public Limbs ToLimbs()
    {
        FieldElement<TModulus> number = this * new FieldElement<TModulus>(1, 0, 0, 0);
        return new(number._l0, number._l1, number._l2, number._l3);
    }

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void WriteBigEndian(Span<byte> bytes) => ToLimbs().WriteBigEndian(bytes);

    /// <inheritdoc/>
    public bool Equals(FieldElement<TModulus> other) =>
        _l0 == other._l0 && _l1 == other._l1 && _l2 == other._l2 && _l3 == other._l3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldElement<TModulus> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_l0, _l1, _l2, _l3);

    private static FieldElement<TModulus> ToMontgomery(in Limbs value)
    {
        Limbs r2 = TModulus.RSquared;
        return new FieldElement<TModulus>(value.L0, value.L1, value.L2, value.L3)
            * new FieldElement<TModulus>(r2.L0, r2.L1, r2.L2, r2.L3);
    }

    private static bool IsBelowModulus(in Limbs value)
    {
        SubtractBorrow(value.L0, TModulus.Limb0, 0, out ulong borrow);
        SubtractBorrow(value.L1, TModulus.Limb1, borrow, out borrow);
        SubtractBorrow(value.L2, TModulus.Limb2, borrow, out borrow);
        SubtractBorrow(value.L3, TModulus.Limb3, borrow, out borrow);
        return borrow != 0;
    }

    // One row of CIOS: t = (t + left * factor + q * modulus) / 2^64, with q so that the division has no remainder.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyStep(
        in FieldElement<TModulus> left, ulong factor, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3)
    {
        ulong product = MultiplyAdd(left._l0, factor, t0, 0, out ulong low);
        ulong q = low * TModulus.NegativeInverse;
        ulong reduction = MultiplyAdd(q, TModulus.Limb0, low, 0, out _);
        product = MultiplyAdd(left._l1, factor, t1, product, out low);
        reduction = MultiplyAdd(q, TModulus.Limb1, low, reduction, out t0);
        product = MultiplyAdd(left._l2, factor, t2, product, out low);
        reduction = MultiplyAdd(q, TModulus.Limb2, low, reduction, out t1);
        product = MultiplyAdd(left._l3, factor, t3, product, out low);
        reduction = MultiplyAdd(q, TModulus.Limb3, low, reduction, out t2);
        t3 = product + reduction;
    }

    // a * b + c + d never exceeds 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong a, ulong b, ulong c, ulong d, out ulong low)
    {
        ulong high = Math.BigMul(a, b, out ulong product);
        ulong sum = product + c;
        high += sum < c ? 1UL : 0;
        low = sum + d;
        return high + (low < d ? 1UL : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement<TModulus> Reduce(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        ulong r0 = SubtractBorrow(l0, TModulus.Limb0, 0, out ulong borrow);
        ulong r1 = SubtractBorrow(l1, TModulus.Limb1, borrow, out borrow);
        ulong r2 = SubtractBorrow(l2, TModulus.Limb2, borrow, out borrow);
        ulong r3 = SubtractBorrow(l3, TModulus.Limb3, borrow, out borrow);
        return borrow != 0 ? new(l0, l1, l2, l3) : new(r0, r1, r2, r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddCarry(ulong a, ulong b, ulong carryIn, out ulong carryOut)
    {
        ulong sum = a + b;
        ulong result = sum + carryIn;
        carryOut = (sum < a ? 1UL : 0) + (result < sum ? 1UL : 0);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractBorrow(ulong a, ulong b, ulong borrowIn, out ulong borrowOut)
    {
        ulong difference = a - b;
        ulong result = difference - borrowIn;
        borrowOut = (a < b ? 1UL : 0) + (difference < borrowIn ? 1UL : 0);
        return result;
    }
}
