using Init.Server;

namespace Init.Init.Tests.Server;

public sealed class ConnectionTransitionsTests
{
    public static TheoryData<object, object> All()
    {
        TheoryData<object, object> all = [];
        foreach (ConnectionState state in Enum.GetValues<ConnectionState>())
        {
            foreach (ConnectionEvent what in Enum.GetValues<ConnectionEvent>())
            {
                all.Add(state, what);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_event_brings_a_connection_back(object state, object what)
    {
        // Open, Draining, Finishing, Failing, Closed: in this order each is nearer to the end.
        ConnectionState after = ((ConnectionState)state).After((ConnectionEvent)what);
        Assert.InRange(after, (ConnectionState)state, ConnectionState.Closed);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Only_an_end_closes(object state, object what) =>
        Assert.Equal(
            (ConnectionState)state == ConnectionState.Closed || (ConnectionEvent)what == ConnectionEvent.Ended,
            ((ConnectionState)state).After((ConnectionEvent)what) == ConnectionState.Closed);

    [Fact]
    public void Only_an_open_connection_goes_on_when_all_is_answered() =>
        Assert.Equal(
            [ConnectionState.Open],
            Enum.GetValues<ConnectionState>().Where(s => !s.ClosesWhenAnswered()));
}
