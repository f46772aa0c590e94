namespace Init.Linux;

/// <summary>The host's clock as a device, /dev/ptp0 of ptp_kvm: clock_gettime(2), 'Dynamic clocks'.</summary>
/// <remarks>
/// ptp_kvm has no PTP_SYS_OFFSET_EXTENDED, so the reading is put between two of the wall clock here. The host is the adversary: this
/// is a second opinion to compare with the NSM's time, not an authority.
/// </remarks>
public sealed class PtpClock : IDisposable
{
    /// <summary>Where the device is.</summary>
    public const string Path = "/dev/ptp0";

    private readonly FileDescriptor _device;

    /// <summary>Opens the device.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none.</exception>
    public PtpClock(string path = Path) => _device = FileSystem.Open(path, OpenOptions.ReadOnly);

    /// <summary>Reads the device between two readings of the wall clock.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP, EINVAL (not such a device) and others.</exception>
    public PtpSample Sample()
    {
        int clock = ClockOf(_device.Number);
        long before = SystemClock.RealtimeNs;
        long device = SystemClock.Read(clock, "read the PTP clock");
        return new PtpSample(before, device, SystemClock.RealtimeNs);
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    /// <summary>FD_TO_CLOCKID of clock_gettime(2).</summary>
    internal static int ClockOf(int number) => (~number << 3) | 3;
}
