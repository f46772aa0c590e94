using Init.Prover;
using Init.Proving;
using Init.Testing;

namespace Init.Init.Tests.Proving;

/// <summary>The verification keys of stored circuits: computed once, from the circuit alone, and bounded.</summary>
public sealed class KeptKeyTests : IDisposable
{
    private static readonly byte[] Witness = [1];

    private readonly FakeProver _prover = new();
    private readonly ProofQueue _queue;

    public KeptKeyTests() => _queue = new ProofQueue(_prover, new ProvingLimits(), new ManualTime(), static () => { });

    public void Dispose()
    {
        _queue.Dispose();
        _prover.Dispose();
    }

    [Fact]
    public async Task A_second_proof_of_a_stored_circuit_does_not_compute_the_key_again()
    {
        MeasuredCircuit circuit = Stored();
        for (int i = 0; i < 3; i++)
        {
            TimedProof made = await Prove(circuit, ProveOptions.Default);
            Assert.Equal(1, _prover.KeysComputed);
            Assert.Equal(_prover.KeyGiven.ToArray(), made.Proof.Key.Bytes.ToArray());
            Assert.Equal(32, made.Proof.Key.Hash.Length);
        }
    }

    [Fact]
    public async Task A_key_that_was_asked_for_serves_later_proofs_and_the_other_way_round()
    {
        MeasuredCircuit circuit = Stored();
        await _queue.ComputeKeyAsync(circuit, ProofSettings.Default, CallLimits.None);
        await Prove(circuit, ProveOptions.Default);
        await _queue.ComputeKeyAsync(circuit, ProofSettings.Default, CallLimits.None);
        Assert.Equal(1, _prover.KeysComputed);
    }

    [Fact]
    public async Task Each_kind_of_proof_has_a_key_of_its_own()
    {
        MeasuredCircuit circuit = Stored();
        await Prove(circuit, ProveOptions.Default);
        await Prove(circuit, new ProveOptions { Settings = new ProofSettings { OracleHash = OracleHash.Keccak } });
        await Prove(circuit, new ProveOptions { Settings = new ProofSettings { ZeroKnowledge = false } });
        Assert.Equal(3, _prover.KeysComputed);
    }

    [Fact]
    public async Task A_circuit_is_kept_with_its_keys_by_the_store()
    {
        CircuitStore store = new(2, 1000);
        (CircuitHash hash, _) = await store.AddAsync(GzipBytes.Compress([1]), default);
        await Prove(store.Find(hash)!, ProveOptions.Default);
        await Prove(store.Find(hash)!, ProveOptions.Default);
        Assert.Equal(1, _prover.KeysComputed);
    }

    [Fact]
    public async Task A_clients_own_key_is_used_and_not_kept()
    {
        MeasuredCircuit circuit = Stored();
        byte[] theirs = [9, 9];
        await Prove(circuit, new ProveOptions { VerificationKey = theirs });
        Assert.Equal(theirs, _prover.KeyGiven.ToArray());
        Assert.Null(circuit.KnownKey(ProofSettings.Default));
        await Prove(circuit, ProveOptions.Default);
        Assert.NotEqual(theirs, _prover.KeyGiven.ToArray());
    }

    [Fact]
    public async Task A_circuit_that_came_with_its_request_has_its_key_computed_with_the_proof()
    {
        MeasuredCircuit circuit = new(new Circuit(GzipBytes.Compress([1])));
        await Prove(circuit, ProveOptions.Default);
        Assert.Equal(0, _prover.KeysComputed);
        Assert.True(_prover.KeyGiven.IsEmpty);
        Assert.Null(circuit.KnownKey(ProofSettings.Default));
    }

    [Fact]
    public async Task A_key_larger_than_keys_are_is_not_kept()
    {
        MeasuredCircuit circuit = Stored();
        _prover.KeyBytes = MeasuredCircuit.MaxKeptKeyBytes;
        await Prove(circuit, ProveOptions.Default);
        await Prove(circuit, ProveOptions.Default);
        Assert.Equal(2, _prover.KeysComputed);
        Assert.Null(circuit.KnownKey(ProofSettings.Default));
    }

    [Fact]
    public async Task A_key_that_could_not_be_computed_is_tried_again()
    {
        MeasuredCircuit circuit = Stored();
        _prover.Failure = new ProverException(ProverError.Trapped, "trap");
        await Assert.ThrowsAsync<ProverException>(() => Prove(circuit, ProveOptions.Default));
        _prover.Failure = null;
        await Prove(circuit, ProveOptions.Default);
        Assert.Equal(2, _prover.KeysComputed);
    }

    private static MeasuredCircuit Stored() => new(new Circuit(GzipBytes.Compress([1])), isStored: true);

    private Task<TimedProof> Prove(MeasuredCircuit circuit, ProveOptions options) =>
        _queue.ProveAsync(circuit, Witness, options, CallLimits.None, observer: null);
}
