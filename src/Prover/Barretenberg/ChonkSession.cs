using Init.Prover.Gzip;
using Init.Prover.Native;

namespace Init.Prover.Barretenberg;

/// <summary>Owns the instance that the accumulator lives in. Used by one thread at a time.</summary>
internal sealed class ChonkSession : IChonkSession
{
    private readonly SandboxInstance _instance;
    private readonly ChonkOrder _order;
    private ProverException? _failure;

    private ChonkSession(SandboxInstance instance, ChonkOrder order)
    {
        _instance = instance;
        _order = order;
    }

    /// <summary>Starts a session in an instance that <paramref name="open"/> makes once the number is found right.</summary>
    public static ChonkSession Start(Func<SandboxInstance> open, int circuits, CallLimits limits)
    {
        ChonkOrder order = new(circuits);
        SandboxInstance instance = open();
        try
        {
            ChonkStart command = new(circuits);
            Replies.ReadAcknowledgement(BarretenbergProver.Call(instance, command, limits), command);
            return new ChonkSession(instance, order);
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Load(Circuit circuit, ReadOnlyMemory<byte> key, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        Field.RequireSize("verification key", key);
        ChonkLoad command = new(circuit, key);
        Take(ChonkOrder.Step.Load, command, limits, reply => Replies.ReadAcknowledgement(reply, command));
    }

    /// <inheritdoc/>
    public void Accumulate(ReadOnlyMemory<byte> witnessGzip, CallLimits limits)
    {
        ChonkAccumulate command = new(new GzipPayload("witness", witnessGzip, BarretenbergProver.MaxWitnessBytes));
        Take(ChonkOrder.Step.Accumulate, command, limits, reply => Replies.ReadAcknowledgement(reply, command));
    }

    /// <inheritdoc/>
    public ChonkProof Prove(CallLimits limits)
    {
        ChonkProve command = new();
        ChonkProof? proof = null;
        Take(ChonkOrder.Step.Prove, command, limits, reply => proof = ChonkReplies.ReadProof(reply, command));
        _instance.Dispose(); // of no more use, and full of witnesses
        return proof!;
    }

    public void Dispose() => _instance.Dispose();

    // Nothing reaches the instance out of order. After a failure in it what the accumulator holds is unknown, or it is gone:
    // every further call then fails for the same reason.
    private void Take(ChonkOrder.Step step, ICommand command, CallLimits limits, Action<byte[]> read)
    {
        if (_failure is { } failure)
        {
            throw new ProverException(failure.Error, $"Chonk {step}: the session ended before: {failure.Message}", failure);
        }

        _order.Require(step);
        try
        {
            read(BarretenbergProver.Call(_instance, command, limits));
        }
        catch (ProverException e)
        {
            _failure = e;
            _instance.Dispose();
            throw;
        }

        _order.Advance(step);
    }
}
