using Init.Fuzz;
using Init.Fuzz.Driver;
using Init.Fuzz.Seeds;
using SharpFuzz.Common;

const string Usage = """
    usage: Init.Fuzz --list                       the targets, one a line, with the longest input that makes sense
           Init.Fuzz --seeds FOLDER               writes FOLDER/TARGET/seed-N for each target
           Init.Fuzz --bbapi-setup FILE           the request that loads the reference string of the target bbapi
           Init.Fuzz --blocks TARGET FOLDER..     blocks of the code that it is about, by type: reached by the inputs in FOLDER, and all
           Init.Fuzz --target=TARGET [libFuzzer's arguments]
    """;

return args switch
{
    ["--list"] => List(),
    ["--seeds", var folder] => WriteSeeds(folder),
    ["--bbapi-setup", var file] => Write(file, BbapiSeeds.Setup()),
    ["--blocks", var name, .. var folders] => CountBlocks(name, folders),
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

int CountBlocks(string name, string[] folders)
{
    Blocks blocks = new();
    blocks.Listen(); // before anything instrumented runs, static constructors too
    ManagedTarget target = Find(name);
    foreach (string file in folders.SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal))
    {
        if (target.Run(File.ReadAllBytes(file)) is string broken)
        {
            return Refuse($"{file}: {broken}");
        }
    }

    foreach ((string type, int reached, int total) in blocks.Of(Subjects.Of(name)))
    {
        Console.WriteLine($"{reached} {total} {type}");
    }

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
