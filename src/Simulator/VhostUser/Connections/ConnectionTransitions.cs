using Init.Simulator.VhostUser.Packets;
using static Init.Simulator.VhostUser.Connections.ConnectionActions;
using static Init.Simulator.VhostUser.Connections.ConnectionEvent;
using static Init.Simulator.VhostUser.Connections.ConnectionState;

namespace Init.Simulator.VhostUser.Connections;

/// <summary>
/// The life of a connection as one pure table: no I/O, no memory. What it follows is Linux's own transport
/// (net/vmw_vsock/virtio_transport_common.c): a guest that closes sends SHUTDOWN for both sides and waits up to eight seconds for
/// RST; a guest that was told SHUTDOWN for both sides answers RST when its program has read everything.
/// </summary>
internal static class ConnectionTransitions
{
    /// <summary>Whether the guest's bytes go to the host. Else they are counted as taken and thrown away.</summary>
    public static bool CarriesToHost(ConnectionState state) => state is Open or ToHostOnly;

    /// <summary>Whether the host's bytes go to the guest.</summary>
    public static bool CarriesToGuest(ConnectionState state) => state is Open or ToGuestOnly;

    /// <summary>Whether the guest may send bytes at all: not before the connection is open.</summary>
    public static bool MaySend(ConnectionState state) => state is Open or ToGuestOnly or ToHostOnly or Silent or Leaving;

    /// <summary>What a SHUTDOWN packet says in a state: what the host's side does no more.</summary>
    public static ShutdownFlags ToldBy(ConnectionState state) => state switch
    {
        ToGuestOnly => ShutdownFlags.Receive,
        ToHostOnly => ShutdownFlags.Send,
        Silent => ShutdownFlags.Both,
        _ => ShutdownFlags.None,
    };

    /// <summary>What happens next. A pair that is not in the table changes nothing.</summary>
    public static (ConnectionState State, ConnectionActions Actions) Next(ConnectionState state, ConnectionEvent @event) => state switch
    {
        AwaitingLine => AfterAwaitingLine(@event),
        Requested or Dialing => AfterOpening(state, @event),
        Open => AfterOpen(@event),
        ToGuestOnly => AfterToGuestOnly(@event),
        ToHostOnly => AfterToHostOnly(@event),
        Silent => AfterSilent(@event),
        Leaving or Draining or Resetting => AfterTheEnd(state, @event),
        _ => (state, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterAwaitingLine(ConnectionEvent @event) => @event switch
    {
        HostAsked => (Requested, SendRequest),
        HostRefused or HostFinished or HostStoppedReading or HostReset => (Closed, CloseHost),
        _ => (AwaitingLine, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterOpening(ConnectionState state, ConnectionEvent @event) =>
        (state, @event) switch
        {
            (Requested, GuestAccepted) => (Open, AnswerHost),
            (Dialing, HostAccepted) => (Open, SendResponse),
            (_, GuestReset) => (Closed, CloseHost | Forget),
            (_, HostRefused or HostStoppedReading or HostReset) => (Resetting, CloseHost | SendReset),
            (_, GuestFinished or GuestStoppedReading or GuestLeft or GuestAccepted or GuestBrokeProtocol) => (Resetting, CloseHost | SendReset),
            _ => (state, None),
        };

    private static (ConnectionState State, ConnectionActions Actions) AfterOpen(ConnectionEvent @event) => @event switch
    {
        GuestFinished => (ToGuestOnly, FinishHost),
        GuestStoppedReading => (ToHostOnly, StopHost),
        GuestLeft => (Leaving, StopHost),
        GuestReset => (Closed, CloseHost | Forget),
        HostFinished => (ToHostOnly, SendShutdown),
        HostStoppedReading => (ToGuestOnly, DropHeld | SendShutdown),
        HostReset or GuestBrokeProtocol => (Resetting, CloseHost | SendReset),
        _ => (Open, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterToGuestOnly(ConnectionEvent @event) => @event switch
    {
        GuestStoppedReading or GuestLeft => (Leaving, StopHost),
        GuestReset => (Draining, Forget),
        HostFinished => (Silent, SendShutdown),
        HostStoppedReading => (ToGuestOnly, DropHeld | SendShutdown),
        HostReset or GuestBrokeProtocol => (Resetting, CloseHost | SendReset),
        _ => (ToGuestOnly, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterToHostOnly(ConnectionEvent @event) => @event switch
    {
        GuestFinished => (Silent, FinishHost | SendShutdown),
        GuestLeft => (Leaving, None),
        GuestReset => (Closed, CloseHost | Forget),
        HostStoppedReading => (Silent, DropHeld | SendShutdown),
        HostReset or GuestBrokeProtocol => (Resetting, CloseHost | SendReset),
        _ => (ToHostOnly, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterSilent(ConnectionEvent @event) => @event switch
    {
        GuestLeft => (Leaving, None),
        GuestReset => (Draining, Forget),
        HostStoppedReading => (Silent, DropHeld),
        HostReset or GuestBrokeProtocol => (Resetting, CloseHost | SendReset),
        _ => (Silent, None),
    };

    private static (ConnectionState State, ConnectionActions Actions) AfterTheEnd(ConnectionState state, ConnectionEvent @event) =>
        (state, @event) switch
        {
            (Leaving, HeldTaken or HostStoppedReading or HostReset or GuestBrokeProtocol) => (Resetting, CloseHost | SendReset),
            (Leaving, GuestReset) => (Draining, Forget),
            (Draining, HeldTaken or HostStoppedReading or HostReset) => (Closed, CloseHost),
            (Resetting, ResetSent or GuestReset) => (Closed, Forget),
            _ => (state, None),
        };
}
