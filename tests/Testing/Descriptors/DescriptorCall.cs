namespace Init.Testing;

/// <summary>The calls of an <see cref="Linux.IDescriptor"/> that can be made to fail.</summary>
public enum DescriptorCall
{
    Read,
    Write,
    Accept,
    ConnectError,
    Poll,
    Shutdown,
}
