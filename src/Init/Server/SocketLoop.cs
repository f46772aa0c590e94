using System.Collections.Concurrent;
using Init.Linux;

namespace Init.Server;

/// <summary>The one owner of sockets: a thread that waits for all of them at once, and reads and writes them.</summary>
/// <remarks>
/// Everything here belongs to that thread but <see cref="Schedule"/>, <see cref="Expect"/>, <see cref="Now"/> and
/// <see cref="WakeUps"/>. It sleeps in epoll_wait(2) until a socket is ready, something is scheduled or the next deadline passes, and not otherwise.
/// </remarks>
internal sealed partial class SocketLoop : IDisposable
{
    /// <summary>Bytes of <see cref="SharedMemory"/>.</summary>
    public const int SharedBytes = 32 * 1024;

    private const int EventsAtOnce = 256;

    private readonly Epoll _epoll = new();
    private readonly EventCounter _wake = new();
    private readonly Dictionary<ulong, SocketRegistration> _registrations = [];
    private readonly List<SocketRegistration> _listed = [];
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _scheduled = [];
    private readonly Queue<(Action<object?> Action, object? State)> _scheduledHere = []; // by the loop's thread
    private readonly byte[] _sharedMemory = new byte[SharedBytes];
    private readonly EpollEvent[] _events = new EpollEvent[EventsAtOnce];
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _stampsPerTick; // 0: not a whole number
    private readonly Thread _thread;
    private ulong _lastToken; // 0 is the event counter's
    private int _isAsleep;
    private long _wakeUps;
    private long _now; // when the thread last woke up
    private int _threadId; // of the thread, once it runs
    private bool _stopping;

    /// <summary>Makes the loop; <see cref="Start"/> starts it.</summary>
    /// <param name="time">What deadlines are told by.</param>
    /// <param name="expire">Called on the loop's thread when the earliest deadline has passed; returns the next one.</param>
    /// <exception cref="LinuxException">EMFILE and others.</exception>
    public SocketLoop(TimeProvider time, Func<TimeSpan> expire)
    {
        (_time, _expire, _origin) = (time, expire, time.GetTimestamp());
        (long quotient, long remainder) = Math.DivRem(time.TimestampFrequency, TimeSpan.TicksPerSecond);
        _stampsPerTick = remainder == 0 ? quotient : 0;
        _epoll.Add(_wake.Number, EpollEvents.In, token: 0);
        _thread = new Thread(Run) { Name = "sockets", IsBackground = true };
    }

    /// <summary>How often the thread woke up.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Monotonic time since the loop was made; on the loop's own thread, when that woke up: it does not work for long without waiting.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(IsMine ? _now : Elapsed());

    /// <summary>Where what comes from a socket goes first. Zeros between one use and the next, which is for its user to see to.</summary>
    public Memory<byte> SharedMemory => _sharedMemory;

    private bool IsMine => Environment.CurrentManagedThreadId == _threadId;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the thread, unless it is the caller, and waits for it.</summary>
    public void Dispose()
    {
        Schedule(static state => ((SocketLoop)state!)._stopping = true, this);
        if (_thread.IsAlive && !IsMine)
        {
            _thread.Join();
        }

        RunScheduled(); // nobody else will
        _epoll.Dispose();
        _wake.Dispose();
    }

    /// <summary>Runs something on the loop's thread. Any thread.</summary>
    public void Schedule(Action<object?> action, object? state)
    {
        if (IsMine)
        {
            _scheduledHere.Enqueue((action, state));
            return;
        }

        _scheduled.Enqueue((action, state));
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            _wake.Signal();
        }
    }

    /// <summary>Starts watching a socket.</summary>
    /// <param name="descriptor">Stays the caller's.</param>
    /// <param name="hungUp">Called when there is an error or both directions are closed; must end the registration.</param>
    /// <exception cref="LinuxException">ENOMEM, ENOSPC.</exception>
    public SocketRegistration Add(IDescriptor descriptor, Action hungUp)
    {
        SocketRegistration registration = new(this, descriptor.Number, ++_lastToken, hungUp);
        _epoll.Add(registration.Number, registration.Watched, registration.Token);
        _registrations.Add(registration.Token, registration);
        return registration;
    }

    /// <summary>Stops watching a socket.</summary>
    internal void Remove(SocketRegistration registration)
    {
        if (_registrations.Remove(registration.Token))
        {
            _epoll.Remove(registration.Number);
        }
    }

    /// <summary>What somebody waits for at this socket may have changed: it is looked at before the next sleep.</summary>
    internal void List(SocketRegistration registration)
    {
        if (!registration.IsListed)
        {
            registration.IsListed = true;
            _listed.Add(registration);
        }
    }

    private void Run()
    {
        _now = Elapsed();
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        while (!_stopping)
        {
            RunScheduled();
            ExpireDeadlines();
            Watch();

            // Said before the last look at the queue: whoever schedules after that look finds it said, and wakes us.
            Interlocked.Exchange(ref _isAsleep, 1);
            int count = _epoll.Wait(_events, _scheduled.IsEmpty && _scheduledHere.Count == 0 && !_stopping ? TimeoutMs() : 0);
            Volatile.Write(ref _isAsleep, 0); // whoever schedules from now on may wake us for nothing, once
            Volatile.Write(ref _wakeUps, _wakeUps + 1);
            _now = Elapsed();
            for (int i = 0; i < count; i++)
            {
                Dispatch(_events[i]);
            }
        }
    }

    // In ticks. Asked at each wake-up: in whole numbers, since arithmetic of the other kind is slow where the processor is emulated.
    private long Elapsed() => _stampsPerTick > 0 ? (_time.GetTimestamp() - _origin) / _stampsPerTick : _time.GetElapsedTime(_origin).Ticks;

    private void Dispatch(in EpollEvent ready)
    {
        if (ready.Token == 0)
        {
            _wake.Take();
        }
        else if (_registrations.TryGetValue(ready.Token, out SocketRegistration? registration))
        {
            registration.Dispatch(ready.Events);
        }
    }

    // Only what is there now: what schedules itself again must not keep the sockets waiting.
    private void RunScheduled()
    {
        (Action<object?> Action, object? State) work;
        for (int left = _scheduledHere.Count; left > 0 && _scheduledHere.TryDequeue(out work); left--)
        {
            work.Action(work.State);
        }

        if (_scheduled.IsEmpty)
        {
            return;
        }

        for (int left = _scheduled.Count; left > 0 && _scheduled.TryDequeue(out work); left--)
        {
            work.Action(work.State);
        }
    }

    private void Watch()
    {
        foreach (SocketRegistration registration in _listed)
        {
            registration.IsListed = false;
            if (registration.Wanted != registration.Watched && _registrations.ContainsKey(registration.Token))
            {
                registration.Watched = registration.Wanted;
                _epoll.Modify(registration.Number, registration.Watched, registration.Token);
            }
        }

        _listed.Clear();
    }
}
