using Init.Linux;
using Init.Simulator.SoftwareNsm;

namespace Init.Nsm.Tests;

/// <summary>Real replies and documents with a few bytes changed: a value or this room's exception, never anything else.</summary>
public sealed class NsmReplyFuzzTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    [Fact]
    public void Any_bytes_give_a_value_or_the_rooms_exception()
    {
        (byte[] Bytes, Action<byte[]> Read)[] seeds = Seeds();
        Random random = new(20260102);
        Deadline deadline = Deadline.After(Budget);
        long refused = 0, read = 0;
        while (!deadline.HasPassed)
        {
            (byte[] bytes, Action<byte[]> reader) = seeds[random.Next(seeds.Length)];
            try
            {
                reader(Mutate(bytes, random));
                read++;
            }
            catch (NsmException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000 && read > 100, $"{refused} refused, {read} read: the loop tries nothing");
    }

    private static (byte[] Bytes, Action<byte[]> Read)[] Seeds()
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        using SoftwareNsmDevice indefinite = new(new SoftwareNsmOptions { IsUnsigned = true, IsIndefiniteLength = true }, TimeProvider.System);
        AttestationFields fields = new() { Nonce = new byte[] { 1, 2, 3 } };
        return
        [
            (Reply(module, NsmRequests.DescribeNsm()), bytes => NsmReplies.DescribeNsm(bytes)),
            (Reply(module, NsmRequests.DescribePcr(0)), bytes => NsmReplies.DescribePcr(bytes)),
            (Reply(module, NsmRequests.ExtendPcr(16, new byte[1])), bytes => NsmReplies.ExtendPcr(bytes)),
            (Reply(module, NsmRequests.LockPcr(16)), bytes => NsmReplies.LockPcr(bytes)),
            (Reply(module, NsmRequests.LockPcrs(2)), bytes => NsmReplies.LockPcrs(bytes)),
            (Reply(module, NsmRequests.LockPcr(0)), bytes => NsmReplies.LockPcr(bytes)),
            (Reply(module, NsmRequests.GetRandom()), bytes => NsmReplies.GetRandom(bytes)),
            (Reply(module, NsmRequests.Attestation(fields)), bytes => NsmReplies.Attestation(bytes)),
            (Document(module, fields), bytes => AttestationDocument.Parse(bytes)),
            (Document(indefinite, fields), bytes => AttestationDocument.Parse(bytes)),
        ];
    }

    private static byte[] Document(SoftwareNsmDevice module, AttestationFields fields) =>
        NsmReplies.Attestation(Reply(module, NsmRequests.Attestation(fields))).ToArray();

    private static byte[] Reply(SoftwareNsmDevice module, byte[] request)
    {
        byte[] response = new byte[NsmLimits.ResponseBytes];
        return response[..module.Exchange(request, response)];
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> mutated = [.. bytes];
        for (int changes = random.Next(1, 4); changes > 0 && mutated.Count > 0; changes--)
        {
            // Structure is at the front: half of the changes go there.
            int position = random.Next(random.Next(2) == 0 ? Math.Min(64, mutated.Count) : mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[position] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[position] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveAt(position);
                    break;
                case 3:
                    mutated.Insert(position, (byte)random.Next(256));
                    break;
                default:
                    mutated.RemoveRange(position, mutated.Count - position);
                    break;
            }
        }

        return [.. mutated];
    }
}
