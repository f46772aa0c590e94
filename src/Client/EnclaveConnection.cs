using System.Collections.Concurrent;
using Init.Linux;
using Init.Sealing;
using Init.Wire;

namespace Init.Client;

/// <summary>One connection to an enclave, on which any number of requests may be under way.</summary>
/// <remarks>
/// Threads: one of its own reads (EnclaveConnection.Reading.cs) and completes requests; senders write on the pool, a frame at a time under
/// a lock, so that a small request overtakes a large one.
/// </remarks>
public sealed partial class EnclaveConnection : IDisposable
{
    // What the network may take on top of the deadline that the enclave keeps itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ulong, PendingRequest> _pending = new();
    private readonly IDescriptor _descriptor;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Thread _reader;
    private readonly string _address;
    private ulong _lastId;
    private volatile ClientException? _end;
    private int _disposed;

    private EnclaveConnection(EnclaveAddress address, IDescriptor descriptor)
    {
        _address = address.ToString();
        _descriptor = descriptor;
        _reader = new Thread(ReadUntilEnd) { IsBackground = true, Name = $"read {_address}" };
        _reader.Start();
    }

    /// <summary>Connects.</summary>
    /// <param name="address">Where the enclave listens.</param>
    /// <param name="timeout">How long to wait for it.</param>
    /// <exception cref="ClientException">Unreachable.</exception>
    public static EnclaveConnection Open(EnclaveAddress address, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new EnclaveConnection(address, address.Connect(timeout));
    }

    /// <summary>Whether requests can still be sent.</summary>
    internal bool IsOpen => _end is null;

    /// <summary>Sends a request as it is, readable on its way, and waits for its answer.</summary>
    /// <param name="request">The request. Its bytes are read until the task has ended.</param>
    /// <param name="progress">Told of progress events, on the reading thread.</param>
    /// <param name="cancellation">Gives up, and tells the enclave so.</param>
    /// <exception cref="ClientException">ConnectionLost, Protocol, Refused, Deadline.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<Reply> SendAsync(Request request, IProgress<ProgressEvent>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using PlainMessage message = new(request);
        using PlainAnswerReader reader = new(request.Operation);
        return await ExchangeAsync(message, reader, AllowedFor(request), progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>Seals a request to an enclave's key, sends it and waits for its answer, which nobody else can have made.</summary>
    /// <param name="request">The request; <see cref="SealedRequest.IsSealable"/>. Its bytes are read until the task has ended.</param>
    /// <param name="enclave">Whose key it is sealed to.</param>
    /// <param name="progress">Told of progress events, on the reading thread.</param>
    /// <param name="cancellation">Gives up, and tells the enclave so.</param>
    /// <exception cref="ClientException">ConnectionLost, Protocol, Refused, Deadline, NotAuthentic.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<Reply> SendSealedAsync(
        Request request, AttestedEnclave enclave, IProgress<ProgressEvent>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(enclave);
        RequestHeader header = new(enclave.KeyId, request.Operation, ReadOnlyMemory<byte>.Empty);
        SealedCall call = await Task.Run(() => SealedCall.Begin(enclave.PublicKey, header), cancellation).ConfigureAwait(false);
        using SealedAnswerReader reader = new(request.Operation, call);
        using SealedMessage message = new(request, enclave.KeyId, call);
        return await ExchangeAsync(message, reader, AllowedFor(request), progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes the connection. What is under way fails with ConnectionLost, and the enclave drops it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        End(ClientError.ConnectionLost, "closed here");
        _descriptor.Shutdown(ShutdownSides.Both);
        _reader.Join();

        // Whoever writes a frame now fails at once; whoever comes later finds the end and leaves the descriptor alone.
        _writing.Wait();
        _descriptor.Dispose();
        _writing.Release();
    }

    private async Task<Reply> ExchangeAsync(
        OutgoingMessage message, AnswerReader reader, TimeSpan allowed, IProgress<ProgressEvent>? progress, CancellationToken cancellation)
    {
        ulong id = Interlocked.Increment(ref _lastId);
        PendingRequest pending = new(reader, progress);
        _pending[id] = pending;
        if (_end is { } end)
        {
            pending.Fail(end); // it ended before this request was known to the reading thread
        }

        try
        {
            await Task.Run(() => WriteMessageAsync(id, message, cancellation), cancellation).ConfigureAwait(false);
            return await pending.Answer.WaitAsync(allowed, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            await CancelAsync(id).ConfigureAwait(false);
            throw new ClientException(
                ClientError.Deadline, $"{AnswerReader.NameOf(reader.Operation)}: no answer within {allowed.TotalSeconds:F0} s", exception);
        }
        catch (OperationCanceledException)
        {
            await CancelAsync(id).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    private static TimeSpan AllowedFor(Request request)
    {
        uint deadlineMs = request.DeadlineMs != 0 ? request.DeadlineMs : WireLimits.DefaultDeadlineOf(request.Operation);
        return TimeSpan.FromMilliseconds(deadlineMs) + Grace;
    }

    // Best effort: the enclave also drops a request whose client has gone.
    private async Task CancelAsync(ulong id)
    {
        ulong cancelId = Interlocked.Increment(ref _lastId);
        _pending[cancelId] = new PendingRequest(new PlainAnswerReader(Operation.Cancel), progress: null);
        try
        {
            using PlainMessage cancel = new(new CancelRequest(id));
            await WriteMessageAsync(cancelId, cancel, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClientException)
        {
            _pending.TryRemove(cancelId, out _);
        }
    }

    private async Task WriteMessageAsync(ulong id, OutgoingMessage message, CancellationToken cancellation)
    {
        bool more;
        do
        {
            ReadOnlyMemory<byte> piece = message.Next(out more);
            await _writing.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                WriteFrame(id, more, piece.Span);
            }
            finally
            {
                _writing.Release();
            }
        }
        while (more);
    }

    private void WriteFrame(ulong id, bool more, ReadOnlySpan<byte> payload)
    {
        Deadline deadline = Deadline.After(WriteTimeout);
        Span<byte> header = stackalloc byte[FrameWriter.MaxHeaderBytes];
        header = header[..FrameWriter.WriteHeader(header, id, FrameKind.Request, more, payload)];
        IoResult result = _end is null ? DescriptorIo.WriteAll(_descriptor, header, deadline) : default;
        if (result.IsDone && _end is null)
        {
            result = DescriptorIo.WriteAll(_descriptor, payload, deadline);
        }

        if (_end is { } end)
        {
            throw end;
        }

        if (!result.IsDone)
        {
            // A frame begun and not ended: nothing more can be sent on this connection.
            throw End(ClientError.ConnectionLost, $"write: {result.Status} {result.Errno}");
        }
    }

    private ClientException End(ClientError error, string cause) => End(new ClientException(error, $"{_address}: {cause}"));

    private ClientException End(ClientException end)
    {
        end = Interlocked.CompareExchange(ref _end, end, null) ?? end;
        foreach (PendingRequest pending in _pending.Values)
        {
            pending.Fail(end);
        }

        return end;
    }
}
