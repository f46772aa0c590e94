using Init.Linux;

namespace Init.Nsm;

/// <content>The thread that calls the device.</content>
public sealed partial class NsmSession
{
    /// <summary>The driver's waits are uninterruptible, so EINTR means that the call never began; one that never ends is a failure.</summary>
    private const int MaxInterruptions = 1000;

    private void ServeDevice()
    {
        byte[] response = new byte[NsmLimits.ResponseBytes];
        while (TakeCall() is { } call)
        {
            Execute(call, response);
        }

        _device.Dispose();
    }

    private NsmCall? TakeCall()
    {
        lock (_lock)
        {
            while (_end is null && _waiting.Count == 0)
            {
                Monitor.Wait(_lock);
            }

            if (_end is not null)
            {
                return null;
            }

            NsmCall call = _waiting.First!.Value;
            _waiting.RemoveFirst();
            call.State = NsmCallState.Running;
            _running = call;
            _tally.Count(call.Command);
            return call;
        }
    }

    private void Execute(NsmCall call, byte[] response)
    {
        long started = _time.GetTimestamp();
        NsmException? failure = null;
        try
        {
            int length = Exchange(call.Request, response);
            if (length >= response.Length)
            {
                throw new NsmException(NsmError.TruncatedReply, $"{call.Command}: the reply fills {response.Length} bytes, its end may be missing");
            }

            call.Read(response.AsSpan(0, length));
        }
        catch (LinuxException cause)
        {
            NsmError error = cause.Errno is Errno.ETIMEDOUT or Errno.ENODATA ? NsmError.Lost : NsmError.DeviceFailed;
            failure = new NsmException(error, $"{call.Command}: {cause.Message}", cause);
        }
        catch (NsmException malformed)
        {
            failure = malformed;
        }

        Array.Clear(response); // random bytes seed the enclave's generator
        Finish(call, failure, _time.GetElapsedTime(started));
    }

    private int Exchange(byte[] request, byte[] response)
    {
        for (int interruptions = 0; ; interruptions++)
        {
            try
            {
                return _device.Exchange(request, response);
            }
            catch (LinuxException interrupted) when (interrupted.Errno == Errno.EINTR && interruptions < MaxInterruptions)
            {
            }
        }
    }

    private void Finish(NsmCall call, NsmException? failure, TimeSpan latency)
    {
        lock (_lock)
        {
            call.State = NsmCallState.Over;
            _running = null;
            _tally.Count(latency);
            if (failure is not null)
            {
                _tally.Count(failure.Error);
            }
        }

        if (failure?.Error == NsmError.Lost)
        {
            End(NsmError.Lost);
        }

        call.Publish(failure);
    }

    /// <summary>Lets no further call through and fails those that wait.</summary>
    private void End(NsmError reason)
    {
        NsmCall[] waiting;
        lock (_lock)
        {
            _tally.IsLost |= reason == NsmError.Lost;
            _end ??= reason;
            waiting = [.. _waiting];
            _waiting.Clear();
            foreach (NsmCall call in waiting)
            {
                call.State = NsmCallState.Over;
                _tally.Count(reason);
            }

            Monitor.PulseAll(_lock);
        }

        foreach (NsmCall call in waiting)
        {
            call.Publish(Failure(call.Command, reason));
        }
    }
}
