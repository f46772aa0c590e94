using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Init.Testing;

namespace Init.Sealing.Tests;

/// <summary>interop/hpke.mjs: npm's @hpke/core, as a process.</summary>
internal sealed class OtherImplementation : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process = Process.Start(new ProcessStartInfo("node", ["hpke.mjs"])
    {
        WorkingDirectory = Path.Combine(Places.Root, "tests/Sealing.Tests/interop"),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    public static bool IsInstalled => Directory.Exists(Path.Combine(Places.Root, "tests/Sealing.Tests/interop/node_modules/@hpke/core"));

    /// <summary>Asks, and throws what it says is wrong.</summary>
    public Dictionary<string, byte[]> Ask(string command, params (string Name, object Value)[] given)
    {
        JsonObject line = new() { ["command"] = command };
        foreach ((string name, object value) in given)
        {
            line[name] = value is byte[] bytes ? Convert.ToHexStringLower(bytes) : JsonValue.Create((int)value);
        }

        _process.StandardInput.WriteLine(line.ToJsonString());
        string? answer = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        Dictionary<string, string> said = JsonSerializer.Deserialize<Dictionary<string, string>>(answer ?? "{\"error\":\"it ended\"}")!;
        return said.TryGetValue("error", out string? error)
            ? throw new InvalidDataException(error)
            : said.ToDictionary(pair => pair.Key, pair => Convert.FromHexString(pair.Value));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
