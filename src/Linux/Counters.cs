using System.Runtime.InteropServices;

namespace Init.Linux;

/// <summary>Reads the 64-bit counts that eventfd and timerfd deliver.</summary>
internal static class Counters
{
    /// <summary>The count, which is then 0 again; 0 when there is none.</summary>
    public static ulong Take(KernelDescriptor descriptor, string operation)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        IoResult result = DescriptorIo.Read(descriptor, bytes);
        return result.Status switch
        {
            IoStatus.Done => MemoryMarshal.Read<ulong>(bytes),
            IoStatus.WouldBlock => 0,
            _ => throw new LinuxException(operation, result.Errno),
        };
    }
}
