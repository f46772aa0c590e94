using System.Diagnostics;
using Init.Prover.Barretenberg;
using Init.Prover.Bench.Measuring;
using Init.Prover.Crs;

namespace Init.Prover.Bench.Contestants;

/// <summary>A prover in a child that has its reference string and waits for requests: native bb, or bb.js.</summary>
/// <remarks>Measured from the written request to the read reply; unpacking the input is not counted, as it is for ours.</remarks>
internal sealed class WarmChild : IContestant
{
    private readonly FramedChild _child;
    private readonly ProcessMeter _meter;

    private WarmChild(Contestant who, FramedChild child, Sample startup)
    {
        Who = who;
        _child = child;
        _meter = new ProcessMeter(child.Pid);
        Startup = startup;
    }

    /// <summary>Starts the child and gives it the reference string.</summary>
    public static WarmChild Start(
        Contestant who, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, ReferenceString crs)
    {
        (ICommand Load, byte[] Request)[] loads = [.. Requests.Loading(crs).Select(load => (load, Requests.Encode(load)))];
        long begin = Stopwatch.GetTimestamp();
        FramedChild child = new(command, environment);
        foreach ((ICommand load, byte[] request) in loads)
        {
            Replies.ReadAcknowledgement(child.Call(request), load);
        }

        TimeSpan wall = Stopwatch.GetElapsedTime(begin);
        Sample startup = new(wall, Libc.CpuTime(child.Pid), new ProcessMeter(child.Pid).PeakBytes());
        return new WarmChild(who, child, startup);
    }

    public Contestant Who { get; }

    public int Pid => _child.Pid;

    /// <summary>From starting the process to its having the reference string.</summary>
    public Sample Startup { get; }

    public Measured<ReadOnlyMemory<byte>> ComputeKey(Workload workload)
    {
        CircuitComputeVk command = new(workload.NewCircuit(), ProofSettings.Default);
        Measured<byte[]> reply = Call(command);
        return new(Replies.ReadKey(reply.Answer, command).Bytes, reply.Sample);
    }

    public Measured<Proof> Prove(Workload workload)
    {
        CircuitProve command = new(workload.NewCircuit(), workload.Key, workload.NewWitness(), ProofSettings.Default);
        Measured<byte[]> reply = Call(command);
        return new(Replies.ReadProof(reply.Answer, command), reply.Sample);
    }

    public Measured<bool> Verify(Workload workload, Proof proof)
    {
        CircuitVerify command = new(workload.Key, proof.PublicInputs, proof.Bytes, ProofSettings.Default);
        Measured<byte[]> reply = Call(command);
        return new(Replies.ReadVerdict(reply.Answer, command, "verified"u8), reply.Sample);
    }

    /// <summary>One request and its reply.</summary>
    public Measured<byte[]> Call(ICommand command)
    {
        byte[] request = Requests.Encode(command);
        return _meter.Measure(() => _child.Call(request));
    }

    public void Dispose() => _child.Dispose();
}
