using System.Globalization;
using System.Runtime.InteropServices;

namespace Init.Linux;

/// <summary>A system call failed. The only exception this room throws for what the kernel says; misuse is ArgumentException.</summary>
/// <remarks>The message is operation, object, cause: <c>mount /proc: EBUSY</c>.</remarks>
public sealed class LinuxException : Exception
{
    /// <summary>For a failure whose errno is known.</summary>
    /// <param name="operation">What was tried, with its object: <c>mount /proc</c>.</param>
    /// <param name="errno">Why it failed.</param>
    public LinuxException(string operation, Errno errno)
        : base($"{operation}: {NameOf(errno)}") => Errno = errno;

    /// <summary>Why, for programs.</summary>
    public Errno Errno { get; }

    /// <summary>For the call that this thread made last; its errno is read now.</summary>
    internal static LinuxException FromLastError(string operation) => new(operation, LastErrno());

    /// <summary>The errno of the call that this thread made last.</summary>
    internal static Errno LastErrno() => (Errno)Marshal.GetLastPInvokeError();

    private static string NameOf(Errno errno) =>
        Enum.IsDefined(errno) ? errno.ToString() : "errno " + ((int)errno).ToString(CultureInfo.InvariantCulture);
}
