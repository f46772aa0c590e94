using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Init.Client;
using Init.Init.Tests.Handlers;
using Init.Init.Tests.Server;
using Init.Linux;
using Init.Sealing;
using Init.Wire;

namespace Init.Init.Tests.InitProcess;

/// <summary>
/// The enclave's private keys and what is derived from them, looked for in all readable memory of the static executable. The key is found by its
/// public half, so nothing in the enclave has to give it away.
/// </summary>
public sealed class KeyMemoryTests
{
    private const int LifetimeSeconds = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // P-384's order, SEC 2 section 2.5.1.
    private static readonly BigInteger Order = BigInteger.Parse(
        "0ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [ProcessFact]
    public void A_private_key_is_in_two_places_at_most_while_it_lives_and_in_none_when_it_is_erased()
    {
        using BootedProcess process = new(Plan($"init.key_lifetime_s={LifetimeSeconds}"));
        byte[] publicKey = CurrentKey(process);
        int id = process.FindId(isFirst: false);
        using RawClient client = Connect(process);
        KnownCall.Seal(publicKey, new EchoRequest(new byte[100])).Exchange(client, 1);

        byte[]? scalar = ForeignMemory.FindScalar(id, publicKey);
        Assert.True(scalar is not null, "the search does not find the key that is in use");
        byte[][] forms = [.. Forms(scalar)];
        Assert.InRange(ForeignMemory.Count(id, [forms[0]]), 1, 2); // .NET's, and what OpenSSL's provider made of it to derive with
        Assert.Equal(0, ForeignMemory.Count(id, forms[1..]));

        for (ulong call = 2; IsKnown(client, publicKey, call); call++)
        {
            Thread.Sleep(200); // the other process's time
        }

        Assert.Equal(0, ForeignMemory.Count(id, [.. forms.SelectMany(Pieces)]));
        Assert.NotNull(ForeignMemory.FindScalar(id, CurrentKey(process)));
    }

    [ProcessFact]
    public void Nothing_that_opens_a_request_or_its_answer_is_left_once_it_is_answered()
    {
        using BootedProcess process = new(Plan());
        byte[] secret = RandomNumberGenerator.GetBytes(64);
        KnownCall call = KnownCall.Seal(CurrentKey(process), new EchoRequest(secret));
        using RawClient client = Connect(process);
        IReadOnlyDictionary<string, byte[]> secrets = call.Exchange(client, 1);
        client.Call(2, new HelloRequest(1, 1)); // behind it: the request is forgotten when its answer is written

        int id = process.FindId(isFirst: false);
        IEnumerable<string> left = secrets.Append(new("the plaintext", secret))
            .Select(one => (one.Key, Found: ForeignMemory.Find(id, [.. Pieces(one.Value)])))
            .Where(one => one.Found.Count > 0)
            .Select(one => $"{one.Key}: {string.Join(", ", one.Found)}");
        Assert.Equal("", string.Join('\n', left));
    }

    private static ProcessPlan Plan(params string[] more) => new() { Arguments = ["init.crs_points=1024", "init.threads=1", .. more] };

    private static RawClient Connect(BootedProcess process) => new(UnixSocket.Connect(process.SocketPath, Patience));

    private static byte[] CurrentKey(BootedProcess process)
    {
        using EnclaveClient client = process.Connect();
        return client.AttestAsync(process.Policy).GetAwaiter().GetResult().Report.Claims!.PublicKey!.Value.ToArray();
    }

    private static bool IsKnown(RawClient client, byte[] publicKey, ulong id)
    {
        (SealedRequest message, SealedCall call) = new SealedCaller(publicKey).Seal(new EchoRequest(new byte[1]));
        call.Dispose();
        client.Send(id, message);
        Message answer = client.Read();
        Assert.True(answer.Kind == FrameKind.Reply || answer.Error.Code == ErrorCode.UnknownKey);
        return answer.Kind == FrameKind.Reply;
    }

    // Memory that was freed loses its first bytes to the allocator's lists: each third counts.
    private static IEnumerable<byte[]> Pieces(byte[] secret) => secret.Chunk(16).Where(piece => piece.Length == 16);

    // As OpenSSL's numbers, as bytes on the wire, and with what OpenSSL adds so that all scalars are equally long (ossl_ec_scalar_mul_ladder).
    private static IEnumerable<byte[]> Forms(byte[] littleEndian)
    {
        BigInteger scalar = new(littleEndian, isUnsigned: true);
        yield return littleEndian;
        yield return [.. littleEndian.Reverse()];
        yield return (scalar + Order).ToByteArray(isUnsigned: true)[..48];
        yield return (scalar + (2 * Order)).ToByteArray(isUnsigned: true)[..48];
    }
}
