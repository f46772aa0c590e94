using Init.Linux;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>A number that is sent along and stays its owner's.</summary>
internal sealed class BorrowedDescriptor(int number) : IDisposable
{
    public FileDescriptor Descriptor { get; } = new(number);

    public void Dispose()
    {
        Descriptor.SetHandleAsInvalid();
        Descriptor.Dispose();
    }
}
