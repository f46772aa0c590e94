using Init.Handlers;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Handlers;

public sealed class ProofProgressTests
{
    private readonly ManualTime _time = new();
    private readonly Context _context = new();

    [Fact]
    public void A_place_in_the_queue_that_is_told_late_does_not_follow_the_start()
    {
        using ProofProgress progress = new(_context, _time);
        progress.Queued(1);
        progress.Started();
        progress.Queued(0);
        Assert.Equal([ProgressStage.Queued, ProgressStage.Started], _context.Events.Select(e => e.Stage));
    }

    [Fact]
    public void Running_is_told_every_second_from_the_start_to_the_end()
    {
        using (ProofProgress progress = new(_context, _time))
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            progress.Started();
            _time.Advance(TimeSpan.FromSeconds(2.5));
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [new(ProgressStage.Started, 5000, 0), new(ProgressStage.Running, 6000, 0), new ProgressEvent(ProgressStage.Running, 7000, 0)],
            _context.Events);
        Assert.Equal(0, _time.Timers);
    }

    private sealed class Context : IRequestContext
    {
        public List<ProgressEvent> Events { get; } = [];

        public CancellationToken Cancellation => default;

        public CancelCause Cause => default;

        public void EndWithin(TimeSpan allowed) => throw new NotSupportedException();

        public void Report(ReadOnlyMemory<byte> body) => Events.Add(ReplyCodec.DecodeProgress(body));

        public bool Cancel(ulong id) => throw new NotSupportedException();
    }
}
