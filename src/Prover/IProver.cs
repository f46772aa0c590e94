namespace Init.Prover;

/// <summary>Proves, in this process. Every member blocks its thread while the prover's own threads work.</summary>
/// <remarks>
/// Any number of threads may call at once; each call has an instance of its own. Every member throws
/// <see cref="ProverException"/> and nothing else; a failed call leaves the prover as it was.
/// </remarks>
public interface IProver
{
    /// <summary>Computes the verification key of a circuit.</summary>
    VerificationKey ComputeVerificationKey(Circuit circuit, ProofSettings settings, CallLimits limits);

    /// <summary>Proves, and verifies the proof in an instance of its own before it is handed out.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="witnessGzip">Noir's <c>witness.gz</c>. Read, never copied; the caller clears it.</param>
    /// <param name="options">Settings, a known key, whether to verify.</param>
    /// <param name="limits">Deadline and cancellation of proving and verifying together.</param>
    /// <exception cref="ProverException">VerificationFailed: the proof was made and does not verify; it is withheld.</exception>
    Proof Prove(Circuit circuit, ReadOnlyMemory<byte> witnessGzip, ProveOptions options, CallLimits limits);

    /// <summary>Verifies a proof.</summary>
    /// <param name="key">The file <c>vk</c>.</param>
    /// <param name="proof">The file <c>proof</c>.</param>
    /// <param name="publicInputs">The file <c>public_inputs</c>.</param>
    /// <param name="settings">Those it was made with.</param>
    /// <param name="limits">Deadline and cancellation.</param>
    /// <returns>False when the proof is well formed and does not verify.</returns>
    /// <exception cref="ProverException">InvalidInput, Refused or a failure of the instance: malformed beyond verifying.</exception>
    bool Verify(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, ProofSettings settings, CallLimits limits);

    /// <summary>Counts a circuit's gates, which decides the memory that proving it takes: <see cref="MemoryEstimate"/>.</summary>
    CircuitStatistics Measure(Circuit circuit, ProofSettings settings, CallLimits limits);

    /// <summary>Computes the verification key of a circuit inside a Chonk stack.</summary>
    VerificationKey ComputeChonkVerificationKey(Circuit circuit, bool isHidingKernel, CallLimits limits);

    /// <summary>Starts a Chonk (client IVC) session with an instance of its own.</summary>
    /// <param name="circuits">How many circuits the stack has: at least four, an app and the kernels init, tail and hiding.</param>
    /// <param name="limits">Deadline and cancellation.</param>
    /// <exception cref="ProverException">InvalidInput: fewer than four circuits.</exception>
    IChonkSession StartChonk(int circuits, CallLimits limits);

    /// <summary>Verifies a Chonk proof.</summary>
    bool VerifyChonk(ChonkProof proof, ReadOnlyMemory<byte> key, CallLimits limits);

    /// <summary>Counters since creation.</summary>
    ProverStatistics Statistics { get; }
}

/// <summary>How to prove.</summary>
public sealed record ProveOptions
{
    /// <summary>bb's defaults, verified before handed out.</summary>
    public static ProveOptions Default { get; } = new();

    /// <summary>What kind of proof.</summary>
    public ProofSettings Settings { get; init; } = ProofSettings.Default;

    /// <summary>The circuit's key (<c>vk</c>) when it is known, which saves computing it; empty when not.</summary>
    public ReadOnlyMemory<byte> VerificationKey { get; init; }

    /// <summary>Hands the proof out without verifying it first.</summary>
    public bool SkipVerification { get; init; }
}
