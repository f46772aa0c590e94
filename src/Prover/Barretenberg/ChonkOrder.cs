namespace Init.Prover.Barretenberg;

/// <summary>
/// The order of a Chonk session: Load and Accumulate by turns, once for each circuit, then Prove once. Checked here because
/// Barretenberg does not: ChonkProve after too few circuits, for one, is a trap in its module.
/// </summary>
internal sealed class ChonkOrder
{
    /// <summary>
    /// The fewest circuits in a stack: an app and the kernels init, tail and hiding. Barretenberg 5.0.0 aborts below: "Number of
    /// circuits must be at least 4 (get_queue_type uses num_circuits - 3)".
    /// </summary>
    public const int MinCircuits = 4;

    // (state, step) to the state after it; what is not here is out of order.
    private static readonly Dictionary<(State, Step), State> Transitions = new()
    {
        [(State.ExpectsCircuit, Step.Load)] = State.ExpectsWitness,
        [(State.ExpectsWitness, Step.Accumulate)] = State.ExpectsCircuit,
        [(State.Complete, Step.Prove)] = State.Proved,
    };

    private readonly int _circuits;
    private int _accumulated;
    private State _state = State.ExpectsCircuit;

    /// <summary>A session of so many circuits.</summary>
    /// <exception cref="ProverException">InvalidInput: fewer than <see cref="MinCircuits"/>.</exception>
    public ChonkOrder(int circuits)
    {
        _circuits = circuits >= MinCircuits
            ? circuits
            : throw new ProverException(ProverError.InvalidInput, $"start Chonk: {circuits} circuits, Barretenberg needs at least {MinCircuits}");
    }

    /// <summary>A call of a session.</summary>
    public enum Step
    {
        Load,
        Accumulate,
        Prove,
    }

    private enum State
    {
        ExpectsCircuit,
        ExpectsWitness,
        Complete,
        Proved,
    }

    /// <summary>Refuses a step that is not the next one.</summary>
    /// <exception cref="ProverException">InvalidState.</exception>
    public void Require(Step step)
    {
        if (!Transitions.ContainsKey((_state, step)))
        {
            throw new ProverException(
                ProverError.InvalidState, $"Chonk {step} after {_accumulated} of {_circuits} circuits: the session {Describe(_state)}");
        }
    }

    /// <summary>Records a step that succeeded.</summary>
    public void Advance(Step step)
    {
        _state = Transitions[(_state, step)];
        if (step == Step.Accumulate && ++_accumulated == _circuits)
        {
            _state = State.Complete;
        }
    }

    private static string Describe(State state) => state switch
    {
        State.ExpectsCircuit => "expects a circuit",
        State.ExpectsWitness => "expects the witness of the circuit loaded",
        State.Complete => "expects Prove",
        _ => "is over",
    };
}
