using Init.Testing;

namespace Init.Linux.Tests;

/// <summary>
/// A descriptor whose every call goes one of all the ways that it can, as <see cref="Choices"/> has it. Option 0 of each is the benign one.
/// </summary>
internal sealed class Adversary
{
    /// <summary>More interruptions in a row than one attempt of DescriptorIo bears.</summary>
    public const int StormLength = DescriptorIo.MaxAttempts + 1;

    /// <summary>What every deadline here is.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(1000);

    /// <summary>Errors that are final for a read or a write, and what they must come to.</summary>
    public static readonly (Errno Errno, IoStatus Status)[] Errors =
    [
        (Errno.ECONNRESET, IoStatus.Reset), (Errno.EPIPE, IoStatus.Reset), (Errno.ENOMEM, IoStatus.Exhausted),
        (Errno.ENOBUFS, IoStatus.Exhausted), (Errno.ETIMEDOUT, IoStatus.TimedOut), (Errno.EIO, IoStatus.Failed),
    ];

    private readonly Choices _choices;
    private readonly ManualTime _time = new();
    private int _stormLeft;

    public Adversary(Choices choices, byte[] input)
    {
        _choices = choices;
        Memory = new MemoryDescriptor(input);
        Descriptor = new FaultyDescriptor(Memory, Next, _time);
        Deadline = Deadline.After(Timeout, _time);
    }

    public FaultyDescriptor Descriptor { get; }

    public MemoryDescriptor Memory { get; }

    public Deadline Deadline { get; }

    /// <summary>Runs an action against every adversary there is.</summary>
    /// <returns>How many there were.</returns>
    public static int ForEach(int depth, byte[] input, Action<Adversary> action)
    {
        var choices = new Choices(depth);
        int runs = 0;
        do
        {
            action(new Adversary(choices, input));
            runs++;
        }
        while (choices.MoveNext());

        return runs;
    }

    private Fault Next(DescriptorCall call)
    {
        if (_stormLeft > 0 && call != DescriptorCall.Poll)
        {
            _stormLeft--;
            return Fault.Fails(Errno.EINTR);
        }

        return call == DescriptorCall.Poll ? NextPoll() : NextTransfer();
    }

    private Fault NextTransfer()
    {
        int choice = _choices.Next(7 + Errors.Length);
        switch (choice)
        {
            case 0:
                return Fault.None;
            case 1:
                return Fault.AtMost(1);
            case 2:
                return Fault.Fails(Errno.EINTR);
            case 3:
                _stormLeft = StormLength - 1;
                return Fault.Fails(Errno.EINTR);
            case 4:
                return Fault.Fails(Errno.EAGAIN);
            case 5:
                return Fault.Zero;
            case 6:
                _time.Advance(Timeout);
                return Fault.AtMost(1);
            default:
                return Fault.Fails(Errors[choice - 7].Errno);
        }
    }

    private Fault NextPoll() => _choices.Next(5) switch
    {
        0 => Fault.None,
        1 => Fault.Fails(Errno.EINTR),
        2 => Fault.Fails(Errno.EAGAIN),
        3 => Fault.Zero,
        _ => Fault.Fails(Errno.ENOMEM),
    };
}
