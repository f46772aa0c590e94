using System.Diagnostics;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>Colour and progress are for terminals (script(1) makes one); what a program reads has neither.</summary>
public sealed class TerminalTests
{
    private const string Red = "enclave: \e[1;31merror:\e[0m ";
    private const string Plain = "enclave: error: ";

    [EnclaveFact]
    public void An_error_is_coloured_on_a_terminal_unless_NO_COLOR_says_otherwise()
    {
        Assert.Contains(Red, OnTerminal("TERM=xterm"), StringComparison.Ordinal);
        Assert.Contains(Red, OnTerminal("TERM=xterm NO_COLOR="), StringComparison.Ordinal);
        foreach (string variables in (string[])["TERM=xterm NO_COLOR=1", "TERM=dumb"])
        {
            string shown = OnTerminal(variables);
            Assert.Contains(Plain, shown, StringComparison.Ordinal);
            Assert.DoesNotMatch("\e\\[[0-9;]*m", shown);
        }

        Assert.StartsWith(Plain, Tool.Enclave("/", "health").Error, StringComparison.Ordinal);
    }

    private static string OnTerminal(string variables) =>
        Tool.Run("/", "script", "--quiet", "--command", $"env -u NO_COLOR {variables} {EnclaveFactAttribute.Binary} health", "/dev/null").Output;
}
