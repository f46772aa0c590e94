using Init.Boot;
using Init.Entropy;
using Init.Init.Tests.Boot;
using Init.Nsm;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Entropy;

public sealed class EntropySeedTests
{
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5);

    private readonly FakeMachine _machine = new();

    [FailureMode(10, "GetRandom gives too little")]
    [Theory]
    [InlineData(256)]
    [InlineData(100)]
    [InlineData(13)]
    [InlineData(0, 256)]
    [InlineData(0, 0, 1, 255, 0, 7)]
    public void Short_and_empty_replies_are_asked_for_again_until_there_is_enough(params int[] lengths)
    {
        Plant(lengths);
        (byte[] bytes, int bits) = Assert.Single(_machine.Credited);
        Assert.Equal(EntropySeed.SeedBytes, bytes.Length);
        Assert.Equal(EntropySeed.SeedBytes * 8, bits);

        // What came, in order, and nothing else.
        Assert.Equal(Enumerable.Range(0, EntropySeed.SeedBytes).Select(i => (byte)i), bytes);
    }

    [FailureMode(10, "GetRandom gives too little")]
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_module_that_gives_too_little_ends_the_enclave_and_credits_nothing(int length)
    {
        StageException failure = Assert.Throws<StageException>(() => Plant([length]));
        Assert.Contains($"GetRandom gave {length * 64} bytes in 64 calls", failure.Message);
        Assert.Empty(_machine.Credited);
    }

    [FailureMode(8, "Another random number generator, or none")]
    [Theory]
    [InlineData("nsm-hwrng", true)]
    [InlineData(" nsm-hwrng\n", true)]
    [InlineData("virtio_rng.0\n", false)]
    [InlineData("nsm-hwrng-not", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    public void Only_the_nsm_may_feed_the_kernel(string source, bool accepted)
    {
        _machine.EntropySource = source;
        if (accepted)
        {
            Plant([256]);
        }
        else
        {
            Assert.Throws<StageException>(() => Plant([256]));
        }

        Assert.Equal(accepted ? 1 : 0, _machine.Credited.Count);
    }

    [FailureMode(8, "Another random number generator, or none")]
    [FailureMode(9, "Entropy that credits nothing")]
    [Fact]
    public void A_generator_that_would_block_ends_the_enclave()
    {
        _machine.RandomReady = false;
        Assert.Throws<StageException>(() => Plant([256]));
    }

    private void Plant(int[] lengths)
    {
        using NsmSession nsm = new(new CountingNsmDevice(lengths), TimeProvider.System);
        EntropySeed.Plant(_machine, nsm, CallTime);
    }

    /// <summary>Gives 0, 1, 2, .. in replies of given lengths, again and again.</summary>
    private sealed class CountingNsmDevice(int[] lengths) : INsmDevice
    {
        private int _calls;
        private byte _next;

        public long Opens => 1;

        public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
        {
            byte[] random = new byte[lengths[_calls++ % lengths.Length]];
            for (int i = 0; i < random.Length; i++)
            {
                random[i] = _next++;
            }

            byte[] reply = CborWriter.ToArray((ref CborWriter writer) =>
            {
                writer.WriteMapHeader(1);
                writer.WriteText("GetRandom"u8);
                writer.WriteMapHeader(1);
                writer.WriteText("random"u8);
                writer.WriteByteString(random);
            });
            reply.CopyTo(response);
            return reply.Length;
        }

        public void Dispose()
        {
        }
    }
}
