using System.Runtime.InteropServices;
using static Init.Linux.Headers.linux_nsm_h;

namespace Init.Linux;

/// <summary>The one call that /dev/nsm has: drivers/misc/nsm.c.</summary>
public static class NsmIoctl
{
    /// <summary>The longest request that the driver takes, in bytes (its NSM_REQUEST_MAX_SIZE).</summary>
    public const int MaxRequestBytes = 0x1000;

    /// <summary>
    /// The longest response that the driver gives, in bytes (its NSM_RESPONSE_MAX_SIZE). A shorter buffer truncates a longer
    /// response, and nothing says so.
    /// </summary>
    public const int MaxResponseBytes = 0x3000;

    /// <summary>One exchange with the NSM. Blocks for as long as the device takes: up to 120 s, and no signal ends it.</summary>
    /// <param name="device">/dev/nsm.</param>
    /// <param name="request">The request, in CBOR.</param>
    /// <param name="response">Where the response goes.</param>
    /// <param name="responseBytes">How long the response is.</param>
    /// <returns>0, or a negative errno: EINVAL, EMSGSIZE, ETIMEDOUT (the device is lost), EIO, ENODATA.</returns>
    public static unsafe int Exchange(FileDescriptor device, ReadOnlySpan<byte> request, Span<byte> response, out int responseBytes)
    {
        // Sound: the driver reads request.Length bytes, writes response.Length at most, and both stay where they are until it has.
        fixed (byte* requestStart = request, responseStart = response)
        {
            var raw = new nsm_raw
            {
                request = new nsm_iovec { addr = (ulong)requestStart, len = (ulong)request.Length },
                response = new nsm_iovec { addr = (ulong)responseStart, len = (ulong)response.Length },
            };
            if (Headers.sys_ioctl_h.ioctl(device, NSM_IOCTL_RAW, &raw) < 0)
            {
                responseBytes = 0;
                return -Marshal.GetLastPInvokeError();
            }

            responseBytes = (int)Math.Min(raw.response.len, (ulong)response.Length);
            return 0;
        }
    }
}
