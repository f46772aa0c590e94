using Init.Linux;

namespace Init.Testing;

/// <summary>Faults in the order they come, for each call apart; when they are used up, calls are made as they are.</summary>
public sealed class FaultScript
{
    private readonly Dictionary<DescriptorCall, Queue<Fault>> _faults = [];

    /// <summary>Adds faults to come.</summary>
    public FaultScript On(DescriptorCall call, params IEnumerable<Fault> faults)
    {
        foreach (Fault fault in faults)
        {
            QueueOf(call).Enqueue(fault);
        }

        return this;
    }

    /// <summary>Adds the same failure several times: a storm.</summary>
    public FaultScript Storm(DescriptorCall call, Errno errno, int times) => On(call, Enumerable.Repeat(Fault.Fails(errno), times));

    /// <summary>For <see cref="FaultyDescriptor"/>.</summary>
    public Fault Next(DescriptorCall call) => QueueOf(call).TryDequeue(out Fault fault) ? fault : Fault.None;

    private Queue<Fault> QueueOf(DescriptorCall call)
    {
        if (!_faults.TryGetValue(call, out Queue<Fault>? queue))
        {
            _faults[call] = queue = new Queue<Fault>();
        }

        return queue;
    }
}
