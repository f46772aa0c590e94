using Init.Fuzz;
using Init.Fuzz.Driver;
using Init.Fuzz.Seeds;
using SharpFuzz.Common;

const string Usage = """
    usage: Init.Fuzz --list                       the targets, one a line, with the longest input that makes sense
           Init.Fuzz --seeds FOLDER               writes FOLDER/TARGET/seed-N for each target
           Init.Fuzz --bbapi-setup FILE           the request that loads the reference string of the target bbapi
           Init.Fuzz --edges TARGET FOLDER        edges of the instrumented rooms that the inputs in FOLDER reach
           Init.Fuzz --target=TARGET [libFuzzer's arguments]
    """;

return args switch
{
    ["--list"] => List(),
    ["--seeds", var folder] => WriteSeeds(folder),
    ["--bbapi-setup", var file] => Write(file, BbapiSeeds.Setup()),
    ["--edges", var name, var folder] => CountEdges(name, folder),
    [var first, ..] when first.StartsWith("--target=", StringComparison.Ordinal) => Fuzz(first["--target=".Length..]),
    _ => Refuse(Usage),
};

int List()
{
    foreach (ManagedTarget target in AllTargets.List)
    {
        Console.WriteLine($"{target.Name} {target.MaxBytes}");
    }

    return 0;
}

int WriteSeeds(string folder)
{
    foreach (ManagedTarget target in AllTargets.List)
    {
        WriteSeedsOf(folder, target.Name, target.Seeds().Where(seed => seed.Length <= target.MaxBytes));
    }

    WriteSeedsOf(folder, "bbapi", BbapiSeeds.All());
    return 0;
}

void WriteSeedsOf(string folder, string target, IEnumerable<byte[]> seeds)
{
    string its = Directory.CreateDirectory(Path.Combine(folder, target)).FullName;
    int number = 0;
    foreach (byte[] seed in seeds)
    {
        Write(Path.Combine(its, $"seed-{number++}"), seed);
    }

    Console.WriteLine($"{target}: {number} seeds");
}

int Write(string file, byte[] content)
{
    File.WriteAllBytes(file, content);
    return 0;
}

unsafe int CountEdges(string name, string folder)
{
    Trace.SharedMem = LibFuzzer.Coverage(); // before anything instrumented runs, static constructors too
    ManagedTarget target = Find(name);
    bool[] seen = new bool[LibFuzzer.CoverageBytes];
    foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
    {
        new Span<byte>(Trace.SharedMem, seen.Length).Clear();
        Trace.PrevLocation = 0;
        if (target.Run(File.ReadAllBytes(file)) is string broken)
        {
            return Refuse($"{file}: {broken}");
        }

        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] |= Trace.SharedMem[i] != 0;
        }
    }

    Console.WriteLine(seen.Count(isSeen => isSeen));
    return 0;
}

unsafe int Fuzz(string name)
{
    Trace.SharedMem = LibFuzzer.Coverage(); // before anything instrumented runs, static constructors too
    ManagedTarget target = Find(name);
    return LibFuzzer.Run([Environment.ProcessPath!, .. args], input =>
    {
        Trace.PrevLocation = 0;
        return target.Run(input);
    });
}

ManagedTarget Find(string name) =>
    AllTargets.List.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"no target {name}; see --list");

int Refuse(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
