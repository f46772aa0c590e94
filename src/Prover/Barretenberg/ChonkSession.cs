using Init.Prover.Gzip;
using Init.Prover.Native;

namespace Init.Prover.Barretenberg;

/// <summary>Owns the instance that the accumulator lives in.</summary>
internal sealed class ChonkSession : IChonkSession
{
    private readonly SandboxInstance _instance;

    private ChonkSession(SandboxInstance instance) => _instance = instance;

    /// <summary>Takes the instance over, also when this fails.</summary>
    public static ChonkSession Start(SandboxInstance instance, int circuits, CallLimits limits)
    {
        ChonkSession session = new(instance);
        try
        {
            session.Acknowledged(new ChonkStart(circuits), limits);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Load(Circuit circuit, ReadOnlyMemory<byte> key, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        Field.RequireSize("verification key", key);
        Acknowledged(new ChonkLoad(circuit, key), limits);
    }

    /// <inheritdoc/>
    public void Accumulate(ReadOnlyMemory<byte> witnessGzip, CallLimits limits) =>
        Acknowledged(new ChonkAccumulate(new GzipPayload("witness", witnessGzip, BarretenbergProver.MaxWitnessBytes)), limits);

    /// <inheritdoc/>
    public ChonkProof Prove(CallLimits limits)
    {
        ChonkProve command = new();
        return ChonkReplies.ReadProof(BarretenbergProver.Call(_instance, command, limits), command);
    }

    public void Dispose() => _instance.Dispose();

    private void Acknowledged(ICommand command, CallLimits limits) =>
        Replies.ReadAcknowledgement(BarretenbergProver.Call(_instance, command, limits), command);
}
