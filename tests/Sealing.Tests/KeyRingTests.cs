using Init.Testing;
using Init.Wire;

namespace Init.Sealing.Tests;

public sealed class KeyRingTests : IDisposable
{
    private static readonly KeyRingOptions Options = new()
    {
        Lifetime = TimeSpan.FromMinutes(60),
        Overlap = TimeSpan.FromMinutes(10),
        MaxRequestsPerKey = 3,
    };

    private readonly ManualTime _time = new();
    private readonly KeyRing _keys;

    public static TheoryData<int> Offsets => [.. Enumerable.Range(0, 20)];

    public KeyRingTests() => _keys = new KeyRing(Options, _time);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_key_is_current_for_its_lifetime_opens_through_the_overlap_and_is_erased_then()
    {
        ReadOnlyMemory<byte> first = _keys.CurrentPublicKey;
        _time.Advance(Options.Lifetime - TimeSpan.FromTicks(1));
        Assert.Equal(first, _keys.CurrentPublicKey);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.NotEqual(first, _keys.CurrentPublicKey);
        Assert.Equal(2, _keys.Count);

        _time.Advance(Options.Overlap - TimeSpan.FromTicks(1));
        Assert.Null(Refusal(first));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(SealingError.UnknownKey, Refusal(first));
        Assert.Null(Refusal(_keys.CurrentPublicKey));
    }

    [Fact]
    public void Keys_change_and_are_erased_though_nobody_asks()
    {
        HpkePrivateKey first = _keys.Find(KeyRing.IdOf(_keys.CurrentPublicKey.Span));
        _time.Advance(Options.Lifetime + Options.Overlap);
        Assert.Equal(1, _keys.Count);
        Assert.Equal(SealingError.UnknownKey, HpkeTests.Refused(() => HpkeContext.ForRecipient(first, first.PublicKey.Point.Span, [])));
    }

    [Theory]
    [MemberData(nameof(Offsets))]
    public void A_thread_that_is_interrupted_between_two_looks_at_the_clock_changes_keys_all_the_same(int offsetMs)
    {
        // Asked for all the time around the end of the current key and the predecessor's, each look five milliseconds after the one before.
        ReadOnlyMemory<byte> first = _keys.CurrentPublicKey;
        foreach (TimeSpan end in (TimeSpan[])[Options.Lifetime, Options.Overlap])
        {
            _time.Advance(end - TimeSpan.FromMilliseconds(40 + offsetMs));
            _time.PerReading = TimeSpan.FromMilliseconds(5);
            for (int look = 0; look < 20; look++)
            {
                _ = _keys.CurrentPublicKey;
                Assert.Equal(1, _time.Timers);
            }

            _time.PerReading = TimeSpan.Zero;
        }

        Assert.Equal(SealingError.UnknownKey, Refusal(first));
        Assert.Equal(1, _keys.Count);
    }

    [Fact]
    public void After_a_machine_stood_still_for_longer_than_two_keys_live_there_is_one_new_key()
    {
        _time.Advance(Options.Lifetime);
        ReadOnlyMemory<byte> second = _keys.CurrentPublicKey;
        Assert.Equal(2, _keys.Count);
        _time.StandStill(2 * (Options.Lifetime + Options.Overlap));
        Assert.Equal(1, _keys.Count);
        Assert.Equal(SealingError.UnknownKey, Refusal(second));
        Assert.Equal(1, _time.Timers);
    }

    [Fact]
    public void There_are_two_keys_at_most_for_as_long_as_one_likes()
    {
        HashSet<string> seen = [];
        for (int minute = 0; minute < 60 * 24; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.InRange(_keys.Count, 1, 2);
            seen.Add(Convert.ToHexString(_keys.CurrentPublicKey.Span));
            Assert.Equal(1, _time.Timers);
        }

        Assert.Equal(25, seen.Count);
    }

    [Fact]
    public void A_key_that_has_opened_all_it_may_gives_way_at_once()
    {
        ReadOnlyMemory<byte> first = _keys.CurrentPublicKey;
        for (int i = 0; i < Options.MaxRequestsPerKey; i++)
        {
            Assert.Equal(first, _keys.CurrentPublicKey);
            Assert.Null(Refusal(first));
        }

        Assert.NotEqual(first, _keys.CurrentPublicKey);
        Assert.Equal(SealingError.UnknownKey, Refusal(first));
        Assert.Equal(1, _keys.Count);
    }

    [Fact]
    public void A_predecessor_that_has_opened_all_it_may_leaves_the_current_key_alone()
    {
        ReadOnlyMemory<byte> first = _keys.CurrentPublicKey;
        _time.Advance(Options.Lifetime);
        ReadOnlyMemory<byte> second = _keys.CurrentPublicKey;
        for (int i = 0; i < Options.MaxRequestsPerKey; i++)
        {
            Assert.Null(Refusal(first));
        }

        Assert.Equal(SealingError.UnknownKey, Refusal(first));
        Assert.Equal(second, _keys.CurrentPublicKey);
        Assert.Equal(1, _keys.Count);
    }

    [Fact]
    public void The_current_key_gives_way_though_its_predecessor_is_there()
    {
        ReadOnlyMemory<byte> first = _keys.CurrentPublicKey;
        _time.Advance(Options.Lifetime);
        ReadOnlyMemory<byte> second = _keys.CurrentPublicKey;
        for (int i = 0; i < Options.MaxRequestsPerKey; i++)
        {
            Assert.Null(Refusal(second));
        }

        Assert.NotEqual(first, _keys.CurrentPublicKey);
        Assert.NotEqual(second, _keys.CurrentPublicKey);
        Assert.Null(Refusal(first));
    }

    [Fact]
    public void A_replay_is_refused_as_long_as_its_key_lives_and_the_key_is_unknown_after()
    {
        ReadOnlyMemory<byte> info = _keys.CurrentPublicKey;
        byte[] id = KeyRing.IdOf(info.Span), encapsulated = [1, 2, 3];
        _keys.RefuseReplay(id, encapsulated);
        _time.Advance(Options.Lifetime + Options.Overlap - TimeSpan.FromTicks(1));
        Assert.Equal(SealingError.Replayed, HpkeTests.Refused(() => _keys.RefuseReplay(id, encapsulated)));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(SealingError.UnknownKey, HpkeTests.Refused(() => _keys.RefuseReplay(id, encapsulated)));
    }

    [Fact]
    public void An_overlap_longer_than_a_lifetime_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyRing(Options with { Overlap = Options.Lifetime + TimeSpan.FromTicks(1) }, _time));

    [Fact]
    public void A_closed_ring_opens_nothing_and_has_no_timer()
    {
        HpkePrivateKey key = _keys.Find(KeyRing.IdOf(_keys.CurrentPublicKey.Span));
        _keys.Dispose();
        Assert.Equal(0, _time.Timers);
        Assert.Equal(SealingError.UnknownKey, HpkeTests.Refused(() => HpkeContext.ForRecipient(key, key.PublicKey.Point.Span, [])));
    }

    // Null: a request sealed to the key opens.
    private SealingError? Refusal(ReadOnlyMemory<byte> info)
    {
        RequestHeader header = new(KeyRing.IdOf(info.Span), Operation.Vk, default);
        using SealedCall call = SealedCall.Begin(HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, info.Span), header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(1)];
        call.Seal([1], boxes);
        try
        {
            OpenedRequest.Open(_keys, header, call.Encapsulated.Span, boxes).Dispose();
            return null;
        }
        catch (SealingException exception)
        {
            return exception.Error;
        }
    }
}
