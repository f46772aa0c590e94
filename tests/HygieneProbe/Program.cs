using Init.HygieneProbe;
using Init.Prover;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Prover.Noir;

// hygiene-probe CRS PROGRAM WITNESS PATTERNS [--keep]
// PATTERNS holds patterns of 32 bytes, each byte xor 0xa5, so that reading the file puts no pattern into memory.
// Prints how often each was found while an instance held the witness, and after the proof. --keep keeps one on purpose.
// Then how many of 100 null references became exceptions, with the prover's fault handlers in place.
string[] files = [.. args.Where(a => a != "--keep")];
MemorySearch search = new(File.ReadAllBytes(files[3]));
using BarretenbergProver prover = BarretenbergProver.Create(
    new ProverOptions { Threads = 2 }, CrsFolder.Load(files[0], new CrsOptions()));
Circuit circuit = new(NoirProgram.ExtractBytecode(File.ReadAllBytes(files[1])));

byte[] witness = File.ReadAllBytes(files[2]);
Task<long> during = search.UntilFoundAsync(TimeSpan.FromSeconds(30));
do
{
    prover.Prove(circuit, witness, ProveOptions.Default, CallLimits.None);
}
while (!during.IsCompleted);

Array.Clear(witness);
byte[] kept = args.Contains("--keep") ? search.Pattern(0) : [];
Console.WriteLine($"during {await during}");
Console.WriteLine($"after {search.Count()}");
Console.WriteLine($"caught {NullReferences.Caught(100)}");
GC.KeepAlive(kept);
