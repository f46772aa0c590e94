using System.Globalization;
using Init.Prover;
using Init.Prover.Noir;

namespace Init.Parent;

/// <summary>Files as Noir and bb name them.</summary>
internal static class Files
{
    /// <summary>Reads prog.json or gzipped bytecode; the circuit is named after its folder or file.</summary>
    public static Circuit ReadCircuit(string path)
    {
        string full = Path.GetFullPath(path);
        string stem = Path.GetFileNameWithoutExtension(full);
        string folder = Path.GetFileName(Path.GetDirectoryName(full)) ?? "";
        bool isGenericName = stem is "prog" or "bytecode";
        return new Circuit(ReadBytecode(full), isGenericName && folder.Length > 0 ? folder : stem);
    }

    /// <summary>Reads prog.json or gzipped bytecode.</summary>
    public static ReadOnlyMemory<byte> ReadBytecode(string path) => NoirProgram.ExtractBytecode(File.ReadAllBytes(path));

    /// <summary>The process's peak resident memory, where the kernel shows it.</summary>
    public static string ProcessPeak()
    {
        const string Field = "VmHWM:";
        if (!File.Exists("/proc/self/status"))
        {
            return "";
        }

        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
        long kib = long.Parse(line.AsSpan(Field.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture);
        return $", {Output.MiB(kib << 10)} resident";
    }
}
