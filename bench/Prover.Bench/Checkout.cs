using System.Diagnostics;

namespace Init.Prover.Bench;

/// <summary>The checkout that this was built in, and the programs it is compared with.</summary>
internal static class Checkout
{
    /// <summary>The folder of Init.sln, above this executable or above the working directory.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory) ?? FindRoot(Environment.CurrentDirectory)
        ?? throw new BenchException("find Init.sln: neither above the executable nor above the working directory");

    /// <summary>bb.js behind the same framing as bb.</summary>
    public static string BbJsScript => Path.Combine(Root, "bench/bbjs.mjs");

    /// <summary>The native bb that trusts the development SRS, made from npm's when it is not there.</summary>
    public static string DevSrsBb() => Output("node", Path.Combine(Root, "native/prover/build.mjs"), "--print-bb-dev-srs");

    public static string CircuitFolder(string name)
    {
        string vectors = Environment.GetEnvironmentVariable("INIT_VECTORS") ?? Path.Combine(Root, "../shared/vectors");
        string folder = Path.GetFullPath(Path.Combine(vectors, "circuits", name));
        return Directory.Exists(folder) ? folder : throw new BenchException($"find circuit {name}: no folder {folder}");
    }

    /// <summary>What a program prints on stdout, trimmed.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    public static string Output(params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, WorkingDirectory = Root };
        using Process process = Process.Start(start) ?? throw new BenchException($"start {command[0]}: no process");
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchException($"{string.Join(' ', command)}: exit code {process.ExitCode}");
    }

    private static string? FindRoot(string start)
    {
        string? folder = start;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Init.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
