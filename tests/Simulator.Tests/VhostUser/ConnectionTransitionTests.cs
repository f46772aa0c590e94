using Init.Simulator.VhostUser.Connections;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>The table, without any I/O.</summary>
public sealed class ConnectionTransitionTests
{
    private static readonly ConnectionState[] States = Enum.GetValues<ConnectionState>();
    private static readonly ConnectionEvent[] Events = Enum.GetValues<ConnectionEvent>();

    [Fact]
    public void Every_state_but_the_first_can_be_reached()
    {
        HashSet<ConnectionState> reached = [ConnectionState.AwaitingLine, ConnectionState.Dialing];
        while (reached.Count < States.Length)
        {
            HashSet<ConnectionState> next = [.. reached.SelectMany(s => Events.Select(e => ConnectionTransitions.Next(s, e).State))];
            next.UnionWith(reached);
            Assert.True(next.Count > reached.Count, $"never reached: {string.Join(", ", States.Except(reached))}");
            reached = next;
        }
    }

    [Fact]
    public void A_closed_connection_stays_closed_and_does_nothing() =>
        Assert.All(Events, e => Assert.Equal((ConnectionState.Closed, ConnectionActions.None), ConnectionTransitions.Next(ConnectionState.Closed, e)));

    [Fact]
    public void A_reset_of_the_guest_makes_it_forgotten_in_every_state_that_it_knows()
    {
        ConnectionState[] unknown = [ConnectionState.AwaitingLine, ConnectionState.Draining, ConnectionState.Closed];
        Assert.All(States.Except(unknown), state =>
        {
            (ConnectionState next, ConnectionActions actions) = ConnectionTransitions.Next(state, ConnectionEvent.GuestReset);
            Assert.True(next is ConnectionState.Closed or ConnectionState.Draining);
            Assert.True(actions.HasFlag(ConnectionActions.Forget));
            Assert.False(actions.HasFlag(ConnectionActions.SendReset));
        });
    }

    [Fact]
    public void A_breach_of_the_protocol_ends_every_connection_that_the_guest_knows_by_a_reset()
    {
        ConnectionState[] others = [ConnectionState.AwaitingLine, ConnectionState.Draining, ConnectionState.Resetting, ConnectionState.Closed];
        Assert.All(States.Except(others), state => Assert.Equal(
            (ConnectionState.Resetting, ConnectionActions.CloseHost | ConnectionActions.SendReset),
            ConnectionTransitions.Next(state, ConnectionEvent.GuestBrokeProtocol)));
    }

    [Fact]
    public void A_reset_is_sent_only_when_the_host_is_closed_with_it() => Assert.All(
        from state in States from @event in Events select ConnectionTransitions.Next(state, @event),
        next => Assert.Equal(
            next.Actions.HasFlag(ConnectionActions.SendReset),
            next.State == ConnectionState.Resetting && next.Actions.HasFlag(ConnectionActions.CloseHost)));

    [Fact]
    public void A_closed_connection_has_closed_the_host() => Assert.All(
        from state in States.Except([ConnectionState.Closed, ConnectionState.Resetting])
        from @event in Events
        select ConnectionTransitions.Next(state, @event),
        next => Assert.True(next.State != ConnectionState.Closed || next.Actions.HasFlag(ConnectionActions.CloseHost)));

    [Fact]
    public void No_direction_opens_again_once_it_is_closed()
    {
        ConnectionState[] opening = [ConnectionState.AwaitingLine, ConnectionState.Requested, ConnectionState.Dialing];
        Assert.All(
            from state in States.Except(opening) from @event in Events select (Before: state, After: ConnectionTransitions.Next(state, @event).State),
            pair =>
            {
                Assert.True(ConnectionTransitions.CarriesToGuest(pair.Before) || !ConnectionTransitions.CarriesToGuest(pair.After));
                Assert.True(ConnectionTransitions.CarriesToHost(pair.Before) || !ConnectionTransitions.CarriesToHost(pair.After));
            });
    }

    [Fact]
    public void What_shutdown_says_is_what_no_longer_flows()
    {
        Assert.Equal(ShutdownFlags.Send, ConnectionTransitions.ToldBy(ConnectionState.ToHostOnly));
        Assert.Equal(ShutdownFlags.Receive, ConnectionTransitions.ToldBy(ConnectionState.ToGuestOnly));
        Assert.Equal(ShutdownFlags.Both, ConnectionTransitions.ToldBy(ConnectionState.Silent));
        Assert.Equal(ShutdownFlags.None, ConnectionTransitions.ToldBy(ConnectionState.Open));
    }

    [Fact]
    public void A_guest_that_leaves_is_answered_when_the_host_has_everything()
    {
        Assert.Equal(ConnectionState.Leaving, ConnectionTransitions.Next(ConnectionState.Open, ConnectionEvent.GuestLeft).State);
        Assert.Equal(
            (ConnectionState.Resetting, ConnectionActions.CloseHost | ConnectionActions.SendReset),
            ConnectionTransitions.Next(ConnectionState.Leaving, ConnectionEvent.HeldTaken));
    }
}
