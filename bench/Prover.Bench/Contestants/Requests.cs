using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Prover.MessagePack;

namespace Init.Prover.Bench.Contestants;

/// <summary>bbapi's requests as bytes, for provers in other processes: what ours writes into its sandbox.</summary>
internal static class Requests
{
    /// <summary>What gives a prover its reference string, as <see cref="BarretenbergProver.Create"/> does.</summary>
    public static IEnumerable<ICommand> Loading(ReferenceString crs)
    {
        yield return new SrsInitSrs(crs.G1Points, crs.G2Point);
        if (crs.GrumpkinPoints is { } grumpkin)
        {
            yield return new SrsInitGrumpkinSrs(grumpkin);
        }
    }

    public static byte[] Encode(ICommand command)
    {
        MessagePackWriter measuring = MessagePackWriter.Measuring();
        Write(ref measuring, command);
        byte[] request = new byte[measuring.Complete()];
        MessagePackWriter writer = new(request);
        Write(ref writer, command);
        writer.Complete();
        return request;
    }

    private static void Write(ref MessagePackWriter writer, ICommand command)
    {
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteString(command.Name);
        command.WriteFields(ref writer);
    }
}

/// <summary>The smallest command: the hash of nothing. What it costs is what any request costs before its work.</summary>
internal sealed record Blake2s : ICommand
{
    public string Name => "Blake2s";

    public void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteString("data"u8);
        writer.WriteBinary([]);
    }
}
