using System.Buffers.Binary;

namespace Init.Simulator.VhostUser.Protocol;

/// <summary>GET_CONFIG: a window into the device's configuration space. Bytes behind its end are zero.</summary>
internal static class DeviceConfiguration
{
    private const int WindowHeaderBytes = 12;
    private const int MaxWindowBytes = 256;

    /// <summary>Fills the window that a request asks for; false when it asks for none that can be.</summary>
    /// <param name="request">The request's payload.</param>
    /// <param name="space">The configuration space.</param>
    /// <param name="reply">As long as the request; filled.</param>
    public static bool TryAnswer(ReadOnlySpan<byte> request, ReadOnlySpan<byte> space, Span<byte> reply)
    {
        if (request.Length < WindowHeaderBytes)
        {
            return false;
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(request);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(request[4..]);
        if (size > MaxWindowBytes || size != request.Length - WindowHeaderBytes)
        {
            return false;
        }

        request[..WindowHeaderBytes].CopyTo(reply);
        Span<byte> window = reply.Slice(WindowHeaderBytes, (int)size);
        window.Clear();
        if (offset < space.Length)
        {
            int count = (int)Math.Min((uint)space.Length - offset, size);
            space.Slice((int)offset, count).CopyTo(window);
        }

        return true;
    }
}
