using System.Net.Sockets;
using System.Text;
using Init.Simulator.VhostUser;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>A back end, a guest and a folder for their sockets.</summary>
internal sealed class Rig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");

    public Rig(int maxConnections = 4096, bool start = true)
    {
        Backend = VsockBackend.Start(new VsockBackendOptions
        {
            VhostSocketPath = Path.Combine(_folder.FullName, "vhost"),
            HostSocketPath = HostSocket,
            MaxConnections = maxConnections,
        });
        Guest = new Guest(Path.Combine(_folder.FullName, "vhost"));
        if (start)
        {
            Guest.Start();
        }
    }

    public VsockBackend Backend { get; }

    public Guest Guest { get; private set; }

    public string VhostSocket => Path.Combine(_folder.FullName, "vhost");

    public string HostSocket => Path.Combine(_folder.FullName, "vsock");

    /// <summary>A listener for what the guest connects to.</summary>
    public Socket Listen(uint port, int backlog = 1024)
    {
        Socket listener = NewSocket();
        listener.Bind(new UnixDomainSocketEndPoint($"{HostSocket}_{port}"));
        listener.Listen(backlog);
        return listener;
    }

    /// <summary>A host program's connection that has asked for a port.</summary>
    public Socket Ask(string line)
    {
        Socket socket = NewSocket();
        socket.Connect(new UnixDomainSocketEndPoint(HostSocket));
        socket.Send(Encoding.ASCII.GetBytes(line));
        return socket;
    }

    /// <summary>A connection from the host to the guest's port, accepted.</summary>
    public (Socket Host, uint HostPort) OpenFromHost(uint guestPort)
    {
        Socket host = Ask($"CONNECT {guestPort}\n");
        PacketHeader request = Guest.Receive(PacketOperation.Request);
        Assert.Equal(guestPort, request.DestinationPort);
        Guest.Send(PacketOperation.Response, guestPort, request.SourcePort);
        Assert.Equal($"OK {request.SourcePort}\n", ReadLine(host));
        return (host, request.SourcePort);
    }

    /// <summary>A connection from the guest to the host, accepted.</summary>
    public Socket OpenFromGuest(Socket listener, uint guestPort, uint hostPort)
    {
        Guest.Send(PacketOperation.Request, guestPort, hostPort);
        Socket host = listener.Accept();
        host.ReceiveTimeout = host.SendTimeout = 10_000;
        PacketHeader response = Guest.Receive(PacketOperation.Response);
        Assert.Equal((hostPort, guestPort), (response.SourcePort, response.DestinationPort));
        return host;
    }

    public static string ReadLine(Socket socket)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            Assert.Equal(1, socket.Receive(one));
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    public static byte[] ReadExactly(Socket socket, int bytes)
    {
        byte[] data = new byte[bytes];
        for (int total = 0; total < bytes;)
        {
            int count = socket.Receive(data, total, bytes - total, SocketFlags.None);
            Assert.NotEqual(0, count);
            total += count;
        }

        return data;
    }

    public static bool IsAtEnd(Socket socket) => socket.Receive(new byte[1]) == 0;

    /// <summary>Another QEMU after the first has gone.</summary>
    public void ReplaceGuest()
    {
        Guest.Dispose();
        Guest = new Guest(VhostSocket);
        Guest.Start();
    }

    public void Dispose()
    {
        Guest.Dispose();
        Backend.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
}
