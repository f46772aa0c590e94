using System.Globalization;
using Init.Linux;

namespace Init.InitProcess;

/// <summary>
/// <c>init-process --listen SOCKET --nsm SOCKET --crs FOLDER [--parent FOLDER] [--console FILE] [--rng NAME] [--crash WAY] [--call N,..]
/// [--unfiltered N] [init.name=value ..]</c>
/// </summary>
internal sealed record ProcessArguments
{
    /// <summary>The server's Unix socket.</summary>
    public required string Listen { get; init; }

    /// <summary>The software NSM's Unix socket.</summary>
    public required string Nsm { get; init; }

    /// <summary>The CRS.</summary>
    public required string Crs { get; init; }

    /// <summary>A folder whose Unix sockets <c>9000</c> and <c>9001</c> stand for the parent's ports; null: there is no parent.</summary>
    public string? Parent { get; init; }

    /// <summary>What stands for the console; null: standard error.</summary>
    public string? Console { get; init; }

    /// <summary>What stands for rng_current.</summary>
    public string Rng { get; init; } = "nsm-hwrng";

    /// <summary>How to crash on a thread of its own once ready: <c>throw</c>, <c>stack</c> or <c>memory</c>.</summary>
    public string? Crash { get; init; }

    /// <summary>A system call to make as soon as the process is confined: its number, and its arguments.</summary>
    public string? Call { get; init; }

    /// <summary>A system call that the filter lets through, whatever its arguments: what is refused then, something else refuses.</summary>
    public SystemCall? Unfiltered { get; init; }

    /// <summary>Settings, as on the kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">They are not as the usage says.</exception>
    public static ProcessArguments Parse(string[] arguments)
    {
        ProcessArguments parsed = new() { Listen = "", Nsm = "", Crs = "" };
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].StartsWith("init.", StringComparison.Ordinal))
            {
                parsed = parsed with { CommandLine = $"{parsed.CommandLine} {arguments[i]}" };
                continue;
            }

            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new ArgumentException($"{arguments[i]} wants a value");
            parsed = arguments[i] switch
            {
                "--listen" => parsed with { Listen = value },
                "--nsm" => parsed with { Nsm = value },
                "--crs" => parsed with { Crs = value },
                "--parent" => parsed with { Parent = value },
                "--console" => parsed with { Console = value },
                "--rng" => parsed with { Rng = value },
                "--crash" => parsed with { Crash = value },
                "--call" => parsed with { Call = value },
                "--unfiltered" => parsed with { Unfiltered = (SystemCall)int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"{arguments[i]}: not an option"),
            };
            i++;
        }

        return parsed.Listen.Length > 0 && parsed.Nsm.Length > 0 && parsed.Crs.Length > 0
            ? parsed
            : throw new ArgumentException("--listen, --nsm and --crs are needed");
    }
}
