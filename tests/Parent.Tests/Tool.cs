using System.Diagnostics;
using System.Globalization;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>Runs the published command, and others.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static (int Code, string Output, string Error) Enclave(string folder, params string[] arguments) =>
        Run(folder, EnclaveFactAttribute.Binary, arguments);

    public static (int Code, string Output, string Error) Run(string folder, string program, params string[] arguments)
    {
        using Process process = Start(folder, program, arguments);
        return Finish(process);
    }

    public static Process Start(string folder, string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static (int Code, string Output, string Error) Finish(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"does not end: {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
