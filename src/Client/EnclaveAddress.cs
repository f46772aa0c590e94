using System.Globalization;
using Init.Linux;

namespace Init.Client;

/// <summary>Where an enclave listens.</summary>
/// <remarks>
/// <c>vsock:CID:PORT</c>, an enclave on this parent instance; <c>simulator:PATH[:PORT]</c>, the simulator's Unix socket, which is asked
/// for the guest's port as Firecracker's is (<c>CONNECT port</c>); <c>unix:PATH</c>, a process that listens there itself.
/// </remarks>
public sealed record EnclaveAddress
{
    /// <summary>The enclave's port by default.</summary>
    public const uint DefaultPort = 5000;

    // The longest answer to CONNECT: "OK 4294967295\n".
    private const int MaxAnswerBytes = 32;

    private readonly Kind _kind;
    private readonly uint _cid;
    private readonly uint _port;
    private readonly string _path;

    private EnclaveAddress(Kind kind, uint cid, uint port, string path) => (_kind, _cid, _port, _path) = (kind, cid, port, path);

    private enum Kind
    {
        Vsock,
        Simulator,
        Unix,
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="ClientException">InvalidAddress.</exception>
    public static EnclaveAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        return parts switch
        {
            ["vsock", var cid, var port] => new(Kind.Vsock, Number(text, cid), Number(text, port), ""),
            ["simulator", { Length: > 0 } path] => new(Kind.Simulator, 0, DefaultPort, path),
            ["simulator", { Length: > 0 } path, var port] => new(Kind.Simulator, 0, Number(text, port), path),
            ["unix", { Length: > 0 } path] => new(Kind.Unix, 0, 0, path),
            _ => throw Invalid(text),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => _kind switch
    {
        Kind.Vsock => string.Create(CultureInfo.InvariantCulture, $"vsock:{_cid}:{_port}"),
        Kind.Simulator => string.Create(CultureInfo.InvariantCulture, $"simulator:{_path}:{_port}"),
        _ => $"unix:{_path}",
    };

    /// <summary>Connects. The caller disposes what is returned.</summary>
    /// <exception cref="ClientException">Unreachable.</exception>
    internal IDescriptor Connect(TimeSpan timeout)
    {
        try
        {
            return _kind switch
            {
                Kind.Vsock => Vsock.Connect(_cid, _port, timeout),
                Kind.Simulator => ConnectThroughSimulator(timeout),
                _ => UnixSocket.Connect(_path, timeout),
            };
        }
        catch (LinuxException exception)
        {
            throw new ClientException(ClientError.Unreachable, $"connect to {this}: {exception.Errno}", exception);
        }
    }

    private KernelDescriptor ConnectThroughSimulator(TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        KernelDescriptor connection = UnixSocket.Connect(_path, timeout);
        byte[] request = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"CONNECT {_port}\n"));
        if (!DescriptorIo.WriteAll(connection, request, deadline).IsDone || !ReadAnswer(connection, deadline))
        {
            connection.Dispose();
            throw new ClientException(ClientError.Unreachable, $"connect to {this}: nobody listens there");
        }

        return connection;
    }

    // One byte at a time: what follows the line is the enclave's.
    private static bool ReadAnswer(KernelDescriptor connection, Deadline deadline)
    {
        Span<byte> answer = stackalloc byte[MaxAnswerBytes];
        for (int length = 0; length < answer.Length; length++)
        {
            if (!DescriptorIo.ReadExactly(connection, answer.Slice(length, 1), deadline).IsDone)
            {
                return false;
            }

            if (answer[length] == (byte)'\n')
            {
                return answer[..length].StartsWith("OK "u8);
            }
        }

        return false;
    }

    private static uint Number(string text, string part) =>
        uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : throw Invalid(text);

    private static ClientException Invalid(string text) =>
        new(ClientError.InvalidAddress, $"read address '{text}': neither vsock:CID:PORT nor simulator:PATH[:PORT] nor unix:PATH");
}
