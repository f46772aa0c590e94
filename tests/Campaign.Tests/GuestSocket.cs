using Init.Linux;

namespace Init.Campaign.Tests;

/// <summary>A connection to the guest's server, through the simulator's socket, byte by byte.</summary>
internal static class GuestSocket
{
    /// <exception cref="EndOfStreamException">The machine has ended.</exception>
    public static KernelDescriptor Connect(string socket, TimeSpan patience)
    {
        KernelDescriptor connection = UnixSocket.Connect(socket, patience);
        Deadline deadline = Deadline.After(patience);
        bool isThere = DescriptorIo.WriteAll(connection, "CONNECT 5000\n"u8, deadline).IsDone;
        byte[] answer = new byte[1];
        while (isThere && answer[0] != '\n')
        {
            isThere = DescriptorIo.ReadExactly(connection, answer, deadline).IsDone;
        }

        if (isThere)
        {
            return connection;
        }

        connection.Dispose();
        throw new EndOfStreamException("connect to the guest: its end is not there");
    }
}
