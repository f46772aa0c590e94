using Init.Prover.Crs;
using Init.Prover.Gzip;
using Init.Prover.MessagePack;
using Init.Prover.Native;

namespace Init.Prover.Barretenberg;

/// <summary>Barretenberg in its sandbox: the CRS is loaded once, and each call runs in a fresh fork of that state.</summary>
public sealed class BarretenbergProver : IProver, IDisposable
{
    /// <summary>The largest unpacked witness that is accepted, in bytes.</summary>
    public const int MaxWitnessBytes = 512 << 20;

    private readonly Sandbox _sandbox;

    private BarretenbergProver(Sandbox sandbox) => _sandbox = sandbox;

    /// <inheritdoc/>
    public ProverStatistics Statistics => _sandbox.Statistics();

    /// <summary>Instantiates Barretenberg, gives it the CRS and takes the snapshot.</summary>
    /// <param name="options">Threads and memory.</param>
    /// <param name="crs">Checked points (<see cref="CrsFolder"/>).</param>
    /// <exception cref="ProverException">UnsupportedCpu, Resource, Crs (Barretenberg refuses these points).</exception>
    public static BarretenbergProver Create(ProverOptions options, ReferenceString crs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(crs);
        Sandbox sandbox = Sandbox.Create(options.Threads, options.StackBytes, options.MemoryLimitBytes, options.Without);
        try
        {
            using (SandboxInstance instance = sandbox.OpenBase())
            {
                Load(instance, new SrsInitSrs(crs.G1Points, crs.G2Point));
                if (crs.GrumpkinPoints is { } grumpkin)
                {
                    Load(instance, new SrsInitGrumpkinSrs(grumpkin));
                }
            }

            sandbox.Freeze();
            return new BarretenbergProver(sandbox);
        }
        catch
        {
            sandbox.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public VerificationKey ComputeVerificationKey(Circuit circuit, ProofSettings settings, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(settings);
        CircuitComputeVk command = new(circuit, settings);
        return Replies.ReadKey(CallFresh(command, limits), command);
    }

    /// <inheritdoc/>
    public Proof Prove(Circuit circuit, ReadOnlyMemory<byte> witnessGzip, ProveOptions options, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(options);
        if (!options.VerificationKey.IsEmpty)
        {
            KeyEncoding.Require(options.VerificationKey);
        }

        GzipPayload witness = new("witness", witnessGzip, MaxWitnessBytes);
        CircuitProve command = new(circuit, options.VerificationKey, witness, options.Settings);
        Proof proof = Replies.ReadProof(CallFresh(command, limits), command);
        if (!options.VerificationKey.IsEmpty)
        {
            // bbapi answers with an empty key when it was given one.
            proof = proof with { Key = new VerificationKey(options.VerificationKey, proof.Key.Hash) };
        }

        if (!options.SkipVerification && !Verify(proof.Key.Bytes, proof.Bytes, proof.PublicInputs, options.Settings, limits))
        {
            throw new ProverException(ProverError.VerificationFailed, $"prove {circuit.Name}: the proof does not verify and is withheld");
        }

        return proof;
    }

    /// <inheritdoc/>
    public bool Verify(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, ProofSettings settings, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(settings);
        KeyEncoding.Require(key);
        Field.RequireElements("proof", proof);
        Field.RequireElements("public inputs", publicInputs);
        CircuitVerify command = new(key, publicInputs, proof, settings);
        return Replies.ReadVerdict(CallFresh(command, limits), command, "verified"u8);
    }

    /// <inheritdoc/>
    public CircuitStatistics Measure(Circuit circuit, ProofSettings settings, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(settings);
        CircuitStats command = new(circuit, settings);
        return Replies.ReadStatistics(CallFresh(command, limits), command);
    }

    /// <inheritdoc/>
    public VerificationKey ComputeChonkVerificationKey(Circuit circuit, bool isHidingKernel, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ChonkComputeVk command = new(circuit, isHidingKernel);
        return Replies.ReadKey(CallFresh(command, limits), command);
    }

    /// <inheritdoc/>
    public IChonkSession StartChonk(int circuits, CallLimits limits) => ChonkSession.Start(OpenInstance, circuits, limits);

    /// <inheritdoc/>
    public bool VerifyChonk(ChonkProof proof, ReadOnlyMemory<byte> key, CallLimits limits)
    {
        ArgumentNullException.ThrowIfNull(proof);
        Field.RequireSize("verification key", key);
        Field.RequireElements("hiding oink proof", proof.HidingOinkProof);
        Field.RequireElements("merge proof", proof.MergeProof);
        Field.RequireElements("eccvm proof", proof.EccvmProof);
        Field.RequireElements("ipa proof", proof.IpaProof);
        Field.RequireElements("joint proof", proof.JointProof);
        ChonkVerify command = new(proof, key);
        return Replies.ReadVerdict(CallFresh(command, limits), command, "valid"u8);
    }

    /// <summary>Ends the prover. Instances still open keep it alive until they are closed.</summary>
    public void Dispose() => _sandbox.Dispose();

    /// <summary>A fresh instance, for calls that belong together.</summary>
    internal SandboxInstance OpenInstance() => _sandbox.Open();

    /// <summary>One bbapi call on an instance; the request is written once, inside the sandbox.</summary>
    internal static byte[] Call(SandboxInstance instance, ICommand command, CallLimits limits) =>
        instance.Call(MeasureRequest(command), request => WriteRequest(request, command), limits);

    /// <summary>The exact length of a command's request, in bytes.</summary>
    internal static int MeasureRequest(ICommand command)
    {
        MessagePackWriter measuring = MessagePackWriter.Measuring();
        Write(ref measuring, command);
        return measuring.Complete();
    }

    /// <summary>Writes a command's request, which has the measured length.</summary>
    internal static void WriteRequest(Span<byte> request, ICommand command)
    {
        MessagePackWriter writer = new(request);
        Write(ref writer, command);
        writer.Complete();
    }

    private static void Write(ref MessagePackWriter writer, ICommand command)
    {
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteString(command.Name);
        command.WriteFields(ref writer);
    }

    private static void Load(SandboxInstance instance, ICommand command)
    {
        try
        {
            Replies.ReadAcknowledgement(Call(instance, command, CallLimits.None), command);
        }
        catch (ProverException inner) when (inner.Error is ProverError.Aborted or ProverError.Refused)
        {
            throw new ProverException(ProverError.Crs, $"{command.Name}: Barretenberg refuses these points: {inner.Message}", inner);
        }
    }

    private byte[] CallFresh(ICommand command, CallLimits limits)
    {
        using SandboxInstance instance = OpenInstance();
        return Call(instance, command, limits);
    }
}
