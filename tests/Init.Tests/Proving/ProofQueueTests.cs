using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Proving;

public sealed class ProofQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly byte[] Witness = [1];

    private readonly FakeProver _prover = new();
    private readonly ManualTime _time = new();
    private ProofQueue? _queue;
    private int _lowered;

    public void Dispose()
    {
        _queue?.Dispose();
        _prover.Dispose();
    }

    [Fact]
    public async Task One_proof_runs_at_a_time_in_the_order_they_came()
    {
        ProofQueue queue = Start();
        _prover.Holds = true;
        Task<TimedProof>[] proofs = [Prove(queue), Prove(queue), Prove(queue)];
        Until(() => _prover.Proving == 1);
        Assert.Equal((2, 1), (queue.Proofs.Waiting, queue.Proofs.Running));
        for (int i = 0; i < proofs.Length; i++)
        {
            _prover.Release();
            await proofs[i];
            Assert.All(proofs[(i + 1)..], p => Assert.False(p.IsCompleted));
        }

        Until(() => queue.Proofs is { Done: 3, Running: 0 });
    }

    [Fact]
    public void One_more_than_the_queue_holds_is_busy_with_a_hint_from_what_proofs_took()
    {
        ProofQueue queue = Start(new ProvingLimits { ProofQueueLength = 2 });
        _prover.Holds = true;
        _ = Prove(queue);
        Until(() => _prover.Proving == 1);
        _ = Prove(queue);
        _ = Prove(queue);
        RequestException error = Assert.Throws<RequestException>(() => { _ = Prove(queue); });
        Assert.Equal(ErrorCode.Busy, error.Code);
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter); // a second each until one was measured
        _time.Advance(TimeSpan.FromSeconds(41));
        _prover.Release();
        Until(() => queue.Proofs is { Done: 1, Running: 1 });
        Assert.Equal(TimeSpan.FromSeconds(11), queue.Proofs.Average);
    }

    [Fact]
    public async Task A_waiting_proof_that_is_cancelled_gives_its_place_up_and_the_others_move_on()
    {
        ProofQueue queue = Start();
        _prover.Holds = true;
        Task<TimedProof> running = Prove(queue);
        Until(() => _prover.Proving == 1);
        using CancellationTokenSource cancellation = new();
        Task<TimedProof> cancelled = Prove(queue, cancellation.Token);
        Observer observer = new();
        _ = queue.ProveAsync(Circuit(), Witness, ProveOptions.Default, CallLimits.None, observer);
        Assert.Equal(["queued 1"], observer.Told);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(["queued 1", "queued 0"], observer.Told);
        _prover.Release();
        await running;
        Until(() => observer.Told.Count == 3);
        Assert.Equal("started", observer.Told[^1]);
        Assert.Equal(2, _prover.Proofs);
    }

    [Fact]
    public async Task A_running_proof_that_is_cancelled_frees_the_thread()
    {
        ProofQueue queue = Start();
        _prover.Holds = true;
        using CancellationTokenSource cancellation = new();
        Task<TimedProof> running = Prove(queue, cancellation.Token);
        Until(() => _prover.Proving == 1);
        cancellation.Cancel();
        Assert.Equal(ProverError.Cancelled, (await Assert.ThrowsAsync<ProverException>(() => running)).Error);
        _prover.Holds = false;
        await Prove(queue);
    }

    [Fact]
    public async Task A_verification_does_not_wait_behind_a_proof()
    {
        ProofQueue queue = Start();
        _prover.Holds = true;
        _ = Prove(queue);
        Until(() => _prover.Proving == 1);
        Assert.True(await queue.VerifyAsync(Witness, Witness, default, ProofSettings.Default, CallLimits.None).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_proof_larger_than_the_memory_is_refused_before_it_is_made()
    {
        ProofQueue queue = Start(new ProvingLimits { MemoryBytes = 100 << 20 });
        _prover.DyadicGates = 1 << 17;
        RequestException error = await Assert.ThrowsAsync<RequestException>(() => Prove(queue));
        Assert.Equal(ErrorCode.TooLarge, error.Code);
        Assert.Equal(0, _prover.Proofs);
    }

    /// <summary>Before it is measured nobody knows what a circuit takes; whatever it is, the sandbox gives no more than was reserved.</summary>
    [Fact]
    public async Task Every_call_is_given_less_than_it_has_reserved_and_all_together_less_than_there_is()
    {
        const long Memory = 512 << 20;
        ProofQueue queue = Start(new ProvingLimits { MemoryBytes = Memory });
        await Prove(queue);
        await queue.ComputeKeyAsync(Circuit(), ProofSettings.Default, CallLimits.None);
        Assert.True(await queue.VerifyAsync(Witness, Witness, default, ProofSettings.Default, CallLimits.None));
        Assert.Equal(["measure", "prove", "measure", "key", "verify"], _prover.Given.Select(given => given.Call));
        long verification = _prover.Given[^1].Bytes;
        Assert.All(_prover.Given[..^1], given => Assert.InRange(given.Bytes, 1, (Memory * 7 / 8) - verification));

        _prover.DyadicGates = 247 << 10; // needs the verifications' part too
        await Prove(queue);
        Assert.InRange(_prover.Given[^1].Bytes, _prover.Given[0].Bytes + 1, Memory * 7 / 8);
    }

    [Fact]
    public async Task A_verification_of_more_than_the_memory_holds_is_refused_before_it_is_made()
    {
        ProofQueue queue = Start(new ProvingLimits { MemoryBytes = 64 << 20 });
        RequestException error = await Assert.ThrowsAsync<RequestException>(
            () => queue.VerifyAsync(Witness, Witness, new byte[30 << 20], ProofSettings.Default, CallLimits.None));
        Assert.Equal(ErrorCode.TooLarge, error.Code);
        Assert.Empty(_prover.Given);
    }

    [Fact]
    public async Task Proofs_that_do_not_fit_together_wait_for_each_other()
    {
        _prover.DyadicGates = 1 << 15;
        long one = MemoryEstimate.ForProof(new CircuitStatistics(0, 1 << 15, 0));
        ProofQueue queue = Start(new ProvingLimits { ProofsAtATime = 2, MemoryBytes = one + 1 });
        _prover.Holds = true;
        Task<TimedProof>[] both = [Prove(queue), Prove(queue)];
        Until(() => queue.Proofs.Running == 2 && _prover.Proving == 1);
        Assert.Equal(one, queue.ReservedBytes);
        _prover.Release();
        await Task.WhenAny(both);
        Until(() => _prover is { Proofs: 2, Proving: 1 });
        _prover.Release();
        await Task.WhenAll(both);
        Until(() => queue.ReservedBytes == 0);
    }

    [Fact]
    public async Task Waiting_for_memory_can_be_cancelled()
    {
        long one = MemoryEstimate.ForProof(new CircuitStatistics(0, _prover.DyadicGates, 0));
        ProofQueue queue = Start(new ProvingLimits { ProofsAtATime = 2, MemoryBytes = one });
        _prover.Holds = true;
        _ = Prove(queue);
        Until(() => _prover.Proving == 1);
        using CancellationTokenSource cancellation = new();
        Task<TimedProof> waiting = Prove(queue, cancellation.Token);
        Until(() => queue.Proofs.Running == 2);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, _prover.Proofs);
    }

    [Fact]
    public async Task A_circuit_is_measured_once()
    {
        ProofQueue queue = Start();
        MeasuredCircuit circuit = Circuit();
        for (int i = 0; i < 3; i++)
        {
            await queue.ProveAsync(circuit, Witness, ProveOptions.Default, CallLimits.None, observer: null);
        }

        Assert.Equal(1, _prover.Measured);
        await queue.ComputeKeyAsync(circuit, new ProofSettings { ZeroKnowledge = false }, CallLimits.None);
        Assert.Equal(2, _prover.Measured);
    }

    [Fact]
    public async Task Work_runs_on_the_lanes_thread_at_its_priority()
    {
        ProofQueue queue = Start();
        await Prove(queue);
        Assert.Equal("prove", _prover.ThreadName);
        Assert.Equal(2, _lowered); // one thread a lane
    }

    [Fact]
    public async Task What_the_prover_throws_reaches_the_caller_and_the_lane_goes_on()
    {
        ProofQueue queue = Start();
        _prover.Failure = new ProverException(ProverError.Trapped, "trap");
        Assert.Equal(ProverError.Trapped, (await Assert.ThrowsAsync<ProverException>(() => Prove(queue))).Error);
        _prover.Failure = new InvalidOperationException("a bug");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Prove(queue));
        _prover.Failure = null;
        await Prove(queue);
    }

    [Fact]
    public async Task What_waits_when_the_queue_ends_is_abandoned_and_nothing_new_is_taken()
    {
        ProofQueue queue = Start();
        _prover.Holds = true;
        Task<TimedProof> running = Prove(queue);
        Until(() => _prover.Proving == 1);
        Task<TimedProof> waiting = Prove(queue);
        queue.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(ErrorCode.ShuttingDown, Assert.Throws<RequestException>(() => { _ = Prove(queue); }).Code);
        _prover.Release();
        await running;
    }

    private static void Until(Func<bool> condition) => Server.TestServer.Until(condition);

    private static MeasuredCircuit Circuit() => new(new Circuit(GzipBytes.Compress([1])));

    private static Task<TimedProof> Prove(ProofQueue queue, CancellationToken cancellation = default) =>
        queue.ProveAsync(Circuit(), Witness, ProveOptions.Default, CallLimits.Until(cancellation), observer: null).WaitAsync(Patience, CancellationToken.None); // the queue itself says when it has cancelled

    private ProofQueue Start(ProvingLimits? limits = null) =>
        _queue = new ProofQueue(_prover, limits ?? new ProvingLimits(), _time, () => Interlocked.Increment(ref _lowered));

    private sealed class Observer : IWorkObserver
    {
        public List<string> Told { get; } = [];

        public void Queued(int position) => Told.Add($"queued {position}");

        public void Started() => Told.Add("started");
    }
}
