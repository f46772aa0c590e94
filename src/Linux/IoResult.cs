namespace Init.Linux;

/// <summary>The outcome of one operation of <see cref="DescriptorIo"/>.</summary>
/// <param name="Status">What it came to.</param>
/// <param name="Count">Bytes transferred, whatever the status.</param>
/// <param name="Errno">What the kernel said, where it said something.</param>
public readonly record struct IoResult(IoStatus Status, int Count, Errno Errno)
{
    /// <summary>Whether all that was asked for was done.</summary>
    public bool IsDone => Status == IoStatus.Done;
}
