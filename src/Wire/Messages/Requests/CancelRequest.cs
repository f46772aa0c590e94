namespace Init.Wire;

/// <summary>Cancel a request of this connection.</summary>
/// <param name="Id">Its id; not 0.</param>
public sealed record CancelRequest(ulong Id) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Cancel;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Id);
    }

    internal static CancelRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("cancel");
        reader.ReadKey(ref fields, 1);
        ulong id = reader.ReadUInt64();
        fields.ReadEnd();
        return id > 0 ? new CancelRequest(id) : throw WireException.Malformed("read cancel: id 0");
    }
}
