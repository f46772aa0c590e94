using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Client;

/// <content>The reading thread: frames in, answers out, until the connection ends.</content>
public sealed partial class EnclaveConnection
{
    private const int ReadBytes = 64 * 1024;

    // Only how often an idle thread looks again; the answers' deadlines are kept by who waits for them.
    private static readonly TimeSpan IdleWait = TimeSpan.FromHours(1);

    private void ReadUntilEnd()
    {
        byte[] received = new byte[ReadBytes];
        int length = 0;
        try
        {
            while (_end is null)
            {
                if (length == received.Length)
                {
                    Array.Resize(ref received, Math.Min(2 * length, WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes));
                }

                IoResult result = DescriptorIo.ReadSome(_descriptor, received.AsSpan(length), Deadline.After(IdleWait));
                if (result.Status == IoStatus.TimedOut)
                {
                    continue;
                }

                if (!result.IsDone)
                {
                    End(ClientError.ConnectionLost, result.Status == IoStatus.EndOfStream ? "closed by the peer" : $"read: {result.Errno}");
                    return;
                }

                length = TakeFrames(received, length + result.Count);
            }
        }
        catch (WireException exception)
        {
            End(ClientError.Protocol, exception.Message);
        }
    }

    // Frames are consumed from the front; what is left of the next one moves there.
    private int TakeFrames(byte[] received, int length)
    {
        ReadOnlySequence<byte> buffer = new(received, 0, length);
        while (FrameReader.TryRead(ref buffer, out Frame frame))
        {
            Take(frame);
        }

        int left = (int)buffer.Length;
        received.AsSpan(length - left, left).CopyTo(received);
        return left;
    }

    private void Take(in Frame frame)
    {
        if (frame.Id == 0)
        {
            if (frame.Kind == FrameKind.Error)
            {
                ErrorReply error = ReplyCodec.DecodeError(frame.Payload.ToArray());
                End(new ClientException("connection", error) { EndedConnection = true });
            }

            return;
        }

        // An answer to what was given up has nobody to go to.
        if (_pending.TryGetValue(frame.Id, out PendingRequest? pending) && pending.Add(frame))
        {
            _pending.TryRemove(frame.Id, out _);
        }
    }
}
