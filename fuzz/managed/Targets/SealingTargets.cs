using System.Security.Cryptography;
using Init.Sealing;
using Init.Testing;
using Init.Wire;

namespace Init.Fuzz.Targets;

/// <summary>Sealed requests and the points in them.</summary>
/// <remarks>
/// What is sealed cannot be mutated into something that opens, so an input is what happens to a right request on its way (<see cref="Journey"/>).
/// Oracle: it opens when nothing was changed, and once; otherwise it is refused, and whatever was read of it is erased.
/// </remarks>
internal static class SealingTargets
{
    private static readonly KeyRing Keys = new(new KeyRingOptions { MaxRequestsPerKey = int.MaxValue }, new ManualTime());
    private static readonly HpkePublicKey Recipient = HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, Keys.CurrentPublicKey.Span);

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("sealed", OpensWhenUnchanged)
        {
            MaxBytes = 64,
            AllocationLimit = bytes => (2 << 20) + (bytes / Journey.ChangeBytes * Journey.LargestBytes), // made here: the request, and another for each change
            Seeds = JourneySeeds,
        },
        new("point", bytes => Refusal.Of<SealingException>(() => HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, bytes)))
        {
            CheckAccepted = CheckPoint,
            MaxBytes = 160,
            Seeds = PointSeeds,
        },
    ];

    private static bool OpensWhenUnchanged(byte[] bytes)
    {
        Journey journey = new(bytes);
        RequestHeader header = new(KeyRing.IdOf(Keys.CurrentPublicKey.Span), Operation.Prove, journey.AssociatedData);
        using SealedCall call = SealedCall.Begin(Recipient, header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(journey.Message.Length)];
        call.Seal(journey.Message, boxes);
        Journey.Arrived sent = new(header.KeyId.ToArray(), (byte)header.Operation, journey.AssociatedData, call.Encapsulated.ToArray(), boxes);
        Journey.Arrived arrived = journey.Change(sent);
        byte[] memory = [.. arrived.Boxes];
        try
        {
            using OpenedRequest opened = OpenedRequest.Open(Keys, arrived.Header, arrived.Encapsulated, memory);
            Assert.True(arrived.IsSame(sent), "a changed request opened");
            Assert.Equal(journey.Message, memory[..opened.MessageBytes]);
            Assert.False(memory.AsSpan(opened.MessageBytes).ContainsAnyExcept((byte)0), "something is left behind the message");
        }
        catch (SealingException e)
        {
            Assert.False(arrived.IsSame(sent), $"a right request was refused: {e.Error}");
            bool isRead = e.Error is SealingError.NotAuthentic or SealingError.InvalidLength;
            Assert.True(!isRead || !memory.AsSpan().ContainsAnyExcept((byte)0), "what did not open was left in memory");
            return false;
        }

        byte[] again = [.. arrived.Boxes];
        Assert.Equal(SealingError.Replayed, Assert.Throws<SealingException>(() => OpenedRequest.Open(Keys, arrived.Header, arrived.Encapsulated, again)).Error);
        Assert.False(again.AsSpan().ContainsAnyExcept((byte)0), "what was replayed was left in memory");
        return true;
    }

    private static void CheckPoint(byte[] bytes)
    {
        HpkePublicKey key = HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, bytes);
        Assert.Equal(bytes, key.ToSubjectPublicKeyInfo());
        using ECDiffieHellman oracle = ECDiffieHellman.Create();
        oracle.ImportSubjectPublicKeyInfo(bytes, out int read);
        Assert.Equal(bytes.Length, read);
    }

    private static IEnumerable<byte[]> JourneySeeds()
    {
        for (byte length = 0; length < Journey.Lengths; length++)
        {
            yield return [length, 3];
            yield return [length, 0, 0, 2, 1, 0x80];
            yield return [length, 40, 2, 0, 0, 16, 1, 1, 0, 1];
        }
    }

    private static IEnumerable<byte[]> PointSeeds()
    {
        yield return [.. HpkePublicKey.FromPoint(HpkeSuite.P384Sha384Aes256, Recipient.Point.Span).ToSubjectPublicKeyInfo()];
        yield return new byte[120];
        yield return [.. Recipient.ToSubjectPublicKeyInfo()[..119]];
    }
}
