using Init.Prover;

namespace Init.Init.Tests.Proving;

/// <summary>A prover whose work takes until the test says so. The real one has tests of its own.</summary>
internal sealed class FakeProver : IProver, IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private readonly CancellationTokenSource _end = new();
    private int _proving;
    private long _proofs;

    /// <summary>Whether proofs wait for <see cref="Release"/>; otherwise they are made at once.</summary>
    public bool Holds { get; set; }

    /// <summary>What a circuit's dyadic size is said to be.</summary>
    public long DyadicGates { get; set; } = 1 << 12;

    /// <summary>What proving throws, if anything.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Proofs being made now.</summary>
    public int Proving => Volatile.Read(ref _proving);

    /// <summary>Proofs made or begun.</summary>
    public long Proofs => Volatile.Read(ref _proofs);

    /// <summary>How often a circuit was measured.</summary>
    public int Measured { get; private set; }

    /// <summary>How often a key was computed on its own.</summary>
    public int KeysComputed { get; private set; }

    /// <summary>How long a key is.</summary>
    public int KeyBytes { get; set; } = 1;

    /// <summary>The key that the last proof was given.</summary>
    public ReadOnlyMemory<byte> KeyGiven { get; private set; }

    /// <summary>The memory that each call was given, in the order of the calls.</summary>
    public List<(string Call, long Bytes)> Given { get; } = [];

    /// <summary>The niceness that the thread had.</summary>
    public string? ThreadName { get; private set; }

    public ProverStatistics Statistics => new()
    {
        InstancesOpened = Proofs,
        InstancesLive = Proving,
        ThreadsLive = 0,
        SnapshotBytes = 0,
        InitialMemoryBytes = 0,
        PeakMemoryBytes = 0,
        LastOpen = TimeSpan.Zero,
        DroppedLogLines = 0,
        SrsKind = "fake",
        Failures = new Dictionary<ProverError, long>(),
    };

    /// <summary>Lets one proof be finished.</summary>
    public void Release() => _gate.Release();

    public Proof Prove(Circuit circuit, ReadOnlyMemory<byte> witnessGzip, ProveOptions options, CallLimits limits)
    {
        Note("prove", limits);
        Interlocked.Increment(ref _proofs);
        Interlocked.Increment(ref _proving);
        ThreadName = Thread.CurrentThread.Name;
        KeyGiven = options.VerificationKey;
        try
        {
            if (Holds)
            {
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limits.Cancellation, _end.Token);
                _gate.Wait(either.Token);
            }

            return Failure is null ? new Proof(witnessGzip.ToArray(), new byte[32], Key) : throw Failure;
        }
        catch (OperationCanceledException)
        {
            throw new ProverException(ProverError.Cancelled, "prove circuit: cancelled");
        }
        finally
        {
            Interlocked.Decrement(ref _proving);
        }
    }

    public bool Verify(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, ProofSettings settings, CallLimits limits)
    {
        Note("verify", limits);
        return proof.Span[0] == 1;
    }

    public VerificationKey ComputeVerificationKey(Circuit circuit, ProofSettings settings, CallLimits limits)
    {
        Note("key", limits);
        KeysComputed++;
        return Failure is null ? new(Enumerable.Repeat((byte)7, KeyBytes).ToArray(), new byte[32]) : throw Failure;
    }

    public CircuitStatistics Measure(Circuit circuit, ProofSettings settings, CallLimits limits)
    {
        Note("measure", limits);
        Measured++;
        return new CircuitStatistics(DyadicGates / 2, DyadicGates, 1);
    }

    public VerificationKey ComputeChonkVerificationKey(Circuit circuit, bool isHidingKernel, CallLimits limits) => throw new NotSupportedException();

    public IChonkSession StartChonk(int circuits, CallLimits limits) => throw new NotSupportedException();

    public bool VerifyChonk(ChonkProof proof, ReadOnlyMemory<byte> key, CallLimits limits) => throw new NotSupportedException();

    /// <summary>Ends what is held.</summary>
    public void Dispose() => _end.Cancel();

    private void Note(string call, CallLimits limits)
    {
        lock (Given)
        {
            Given.Add((call, limits.MemoryBytes));
        }
    }

    private static VerificationKey Key => new(new byte[] { 7 }, new byte[32]);
}
