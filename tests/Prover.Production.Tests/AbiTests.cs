using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Init.Prover.Native;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>The C# mirror of prover.h, compared with what the C compiler says.</summary>
public sealed class AbiTests
{
    // Fields of C in the order of the C# struct's.
    private static readonly string[] ConfigFields = ["threads", "without", "stack_bytes", "memory_limit_bytes"];

    private static readonly string[] StatisticsFields =
    [
        "opened", "failed", "live_instances", "live_threads", "snapshot_bytes", "snapshot_memory_bytes", "peak_memory_bytes",
        "last_open_ns", "dropped_log_lines", "srs_kind",
    ];

    [Fact]
    public void Structs_and_status_values_are_those_of_the_header()
    {
        List<string> expressions =
        [
            "sizeof(prover_config)", "sizeof(prover_error)", "offsetof(prover_error, message)", "sizeof(prover_statistics)",
            "PROVER_STATUS_COUNT",
            .. ConfigFields.Select(f => $"offsetof(prover_config, {f})"),
            .. StatisticsFields.Select(f => $"offsetof(prover_statistics, {f})"),
            .. Enum.GetNames<ProverStatus>().Select(n => $"PROVER_{n.ToUpperInvariant()}"),
        ];
        List<long> expected =
        [
            Marshal.SizeOf<ProverAbi.Config>(), Marshal.SizeOf<ProverAbi.Error>(), sizeof(int), SizeOfStatistics(),
            Enum.GetValues<ProverStatus>().Length,
            .. Offsets<ProverAbi.Config>(ConfigFields.Length),
            .. Offsets<ProverAbi.Statistics>(StatisticsFields.Length),
            .. Enum.GetValues<ProverStatus>().Select(v => (long)v),
        ];
        Assert.Equal(expected, ValuesInC(expressions));
    }

    private static unsafe long SizeOfStatistics() => sizeof(ProverAbi.Statistics);

    private static IEnumerable<long> Offsets<T>(int count)
    {
        System.Reflection.FieldInfo[] fields = typeof(T).GetFields();
        Assert.Equal(count, fields.Length);
        return fields.Select(f => (long)Marshal.OffsetOf<T>(f.Name));
    }

    private static List<long> ValuesInC(List<string> expressions)
    {
        string scratch = Places.Scratch(nameof(AbiTests));
        string source = Path.Combine(scratch, "abi.c"), program = Path.Combine(scratch, "abi");
        File.WriteAllLines(source,
        [
            "#include <stddef.h>", "#include <stdio.h>", "#include \"prover.h\"", "int main(void) {",
            .. expressions.Select(e => $"  printf(\"%ld\\n\", (long){e});"),
            "  return 0;", "}",
        ]);
        Run("clang-19", "-I", Path.Combine(Places.Root, "native/prover/include"), source, "-o", program);
        return [.. Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => long.Parse(l, CultureInfo.InvariantCulture))];
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
