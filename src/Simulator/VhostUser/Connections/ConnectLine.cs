using System.Buffers.Text;
using System.Text;

namespace Init.Simulator.VhostUser.Connections;

/// <summary>Firecracker's line protocol on the host's socket: <c>CONNECT 5000\n</c> is answered by <c>OK 1073741824\n</c>.</summary>
internal static class ConnectLine
{
    /// <summary>The longest line: a ten-digit port.</summary>
    public const int MaxBytes = 19;

    private static ReadOnlySpan<byte> Verb => "CONNECT "u8;

    /// <summary>Reads a line with its end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out uint port)
    {
        port = 0;
        if (!line.StartsWith(Verb) || !line.EndsWith("\n"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> digits = line[Verb.Length..^1];
        return Utf8Parser.TryParse(digits, out port, out int used) && used == digits.Length && char.IsAsciiDigit((char)digits[0]);
    }

    /// <summary>The answer once the guest has accepted.</summary>
    public static byte[] Accepted(uint hostPort) => Encoding.ASCII.GetBytes($"OK {hostPort}\n");
}
