using Init.Linux;

namespace Init.Testing;

/// <summary>What happens to one call of a <see cref="FaultyDescriptor"/>.</summary>
public readonly record struct Fault
{
    private Fault(int? outcome, int? limitBytes)
    {
        Outcome = outcome;
        LimitBytes = limitBytes;
    }

    /// <summary>The call is made as it is.</summary>
    public static Fault None => default;

    /// <summary>The call is not made and returns 0: the end for a read, nothing taken for a write, the time's end for a poll.</summary>
    public static Fault Zero => new(0, null);

    /// <summary>What the call returns without being made; null when it is made.</summary>
    public int? Outcome { get; }

    /// <summary>How many bytes the call that is made sees of its buffer; null for all.</summary>
    public int? LimitBytes { get; }

    /// <summary>The call is not made and fails.</summary>
    public static Fault Fails(Errno errno) => new(-(int)errno, null);

    /// <summary>The call is made with at most so many bytes of its buffer.</summary>
    public static Fault AtMost(int bytes) => new(null, bytes);
}
