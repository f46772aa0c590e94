using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench.Contestants;

/// <summary>Native bb as people run it: a process for each call, with files for input and output.</summary>
internal sealed class WholeProcess(string bb, IReadOnlyDictionary<string, string> environment) : IContestant
{
    private readonly string _folder = Directory.CreateTempSubdirectory("init-bench-").FullName;

    public Contestant Who => Contestant.BbProcess;

    public Measured<ReadOnlyMemory<byte>> ComputeKey(Workload workload)
    {
        Sample sample = EndedChild.Run([bb, "write_vk", "-b", workload.ProgramPath, "-o", _folder], environment);
        return new(Read("vk"), sample);
    }

    public Measured<Proof> Prove(Workload workload)
    {
        string key = Write("key", workload.Key);
        Sample sample = EndedChild.Run(
            [bb, "prove", "-b", workload.ProgramPath, "-w", workload.WitnessPath, "-k", key, "-o", _folder], environment);
        return new(new Proof(Read("proof"), Read("public_inputs"), new VerificationKey(workload.Key, default)), sample);
    }

    /// <summary>bb says by its exit code whether the proof is right; a wrong one ends the benchmark.</summary>
    public Measured<bool> Verify(Workload workload, Proof proof)
    {
        string[] files = [Write("key", workload.Key), Write("other-proof", proof.Bytes), Write("other-inputs", proof.PublicInputs)];
        return new(true, EndedChild.Run([bb, "verify", "-k", files[0], "-p", files[1], "-i", files[2]], environment));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private byte[] Read(string name) => File.ReadAllBytes(Path.Combine(_folder, name));

    private string Write(string name, ReadOnlyMemory<byte> bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes.Span);
        return path;
    }
}
