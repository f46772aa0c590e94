namespace Init.Simulator.VhostUser.Rings;

/// <summary>Whether the device writes or reads a chain's buffers. A chain of vsock or the NSM is one or the other, never both.</summary>
internal enum QueueDirection : byte
{
    /// <summary>The guest's buffers are written: vsock's rx, the NSM's responses.</summary>
    ToGuest,

    /// <summary>The guest's buffers are read: vsock's tx, the NSM's requests.</summary>
    FromGuest,
}
