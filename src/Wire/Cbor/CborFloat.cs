namespace Init.Wire;

/// <summary>RFC 8949 section 3.3: half, single and double precision.</summary>
internal static class CborFloat
{
    private const ulong CanonicalNaN = 0x7e00;
    private const int HalfHead = 1 + sizeof(ushort);
    private const int SingleHead = 1 + sizeof(float);

    public static double Value(CborToken token) => token.HeadLength switch
    {
        HalfHead => (double)BitConverter.UInt16BitsToHalf((ushort)token.Argument),
        SingleHead => BitConverter.UInt32BitsToSingle((uint)token.Argument),
        _ => BitConverter.UInt64BitsToDouble(token.Argument),
    };

    /// <summary>Section 4.2.1: the shortest form that preserves the value. Of the NaNs only <c>f97e00</c> (section 4.2.2).</summary>
    public static bool IsShortest(CborToken token)
    {
        double value = Value(token);
        if (double.IsNaN(value))
        {
            return token.HeadLength == HalfHead && token.Argument == CanonicalNaN;
        }

        return token.HeadLength switch
        {
            HalfHead => true,
            SingleHead => (double)(Half)value != value,
            _ => (double)(float)value != value,
        };
    }
}
