namespace Init.Simulator.VhostUser.Rings;

/// <summary>Whether the device writes or reads a queue's buffers. Vsock's queues are one or the other, never both.</summary>
internal enum QueueDirection : byte
{
    /// <summary>The guest's buffers are written: rx, event.</summary>
    ToGuest,

    /// <summary>The guest's buffers are read: tx.</summary>
    FromGuest,
}
