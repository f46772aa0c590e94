using Init.Linux;

namespace Init.Boot;

/// <summary>Tells the parent that the enclave has booted: nitro-cli waits for it, and calls an enclave without it failed (E36).</summary>
internal static class Heartbeat
{
    /// <summary>The parent's vsock port for it.</summary>
    public const uint Port = 9000;

    /// <summary>What is sent, and sent back.</summary>
    public const byte Beat = 0xB7;

    /// <summary>How often it is tried.</summary>
    public const int Attempts = 4;

    private static readonly TimeSpan AttemptTime = TimeSpan.FromMilliseconds(800);

    /// <summary>Sends it until it comes back.</summary>
    /// <param name="machine">Connects.</param>
    /// <param name="pause">Between attempts.</param>
    /// <returns>Null, or why the last attempt failed.</returns>
    public static string? Send(IMachine machine, TimeSpan pause)
    {
        using ManualResetEventSlim never = new();
        string? failure = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0)
            {
                never.Wait(pause);
            }

            failure = Try(machine);
            if (failure is null)
            {
                return null;
            }
        }

        return $"{failure}, {Attempts} times";
    }

    private static string? Try(IMachine machine)
    {
        Deadline deadline = Deadline.After(AttemptTime, machine.Time);
        try
        {
            using IDescriptor connection = machine.ConnectToParent(Port, AttemptTime);
            Span<byte> beat = [Beat];
            IoResult sent = DescriptorIo.WriteAll(connection, beat, deadline);
            if (!sent.IsDone)
            {
                return $"send the heartbeat: {sent.Status}";
            }

            beat.Clear();
            IoResult echoed = DescriptorIo.ReadExactly(connection, beat, deadline);
            return !echoed.IsDone ? $"read the heartbeat's echo: {echoed.Status}"
                : beat[0] != Beat ? $"read the heartbeat's echo: 0x{beat[0]:X2}, not 0x{Beat:X2}"
                : null;
        }
        catch (LinuxException cause)
        {
            return cause.Message;
        }
    }
}
