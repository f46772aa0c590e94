using Init.Wire;

namespace Init.Nsm;

/// <summary>
/// Reads replies. Each has exactly the fields of its command: what is missing, unknown, of another type or of another length is
/// <see cref="NsmError.MalformedReply"/>. Keys come in any order; lengths may be indefinite.
/// </summary>
internal static class NsmReplies
{
    private const int NameBytes = 64;
    private const int ModuleIdBytes = 128;

    private delegate T BodyReader<out T>(ref CborReader reader);

    public static NsmDescription DescribeNsm(ReadOnlySpan<byte> reply) => Read(reply, NsmCommand.DescribeNsm, ReadDescription);

    public static NsmPcr DescribePcr(ReadOnlySpan<byte> reply) => Read(reply, NsmCommand.DescribePcr, ReadPcr);

    public static ReadOnlyMemory<byte> ExtendPcr(ReadOnlySpan<byte> reply) => Read(
        reply, NsmCommand.ExtendPcr, static (ref CborReader reader) => ReadOnly(ref reader, "data", NsmLimits.PcrBytes, NsmLimits.PcrBytes));

    public static bool LockPcr(ReadOnlySpan<byte> reply) => Read<bool>(reply, NsmCommand.LockPcr, body: null);

    public static bool LockPcrs(ReadOnlySpan<byte> reply) => Read<bool>(reply, NsmCommand.LockPcrs, body: null);

    public static ReadOnlyMemory<byte> Attestation(ReadOnlySpan<byte> reply) => Read(
        reply, NsmCommand.Attestation, static (ref CborReader reader) => ReadOnly(ref reader, "document", 1, NsmLimits.ResponseBytes));

    public static ReadOnlyMemory<byte> GetRandom(ReadOnlySpan<byte> reply) => Read(
        reply, NsmCommand.GetRandom, static (ref CborReader reader) => ReadOnly(ref reader, "random", 0, NsmLimits.RandomBytes));

    /// <summary>A reply is <c>{name: body}</c>, the bare name where there is nothing to say, or <c>{"Error": name}</c>.</summary>
    private static T Read<T>(ReadOnlySpan<byte> reply, NsmCommand command, BodyReader<T>? body)
    {
        try
        {
            CborReader reader = new(reply, CborRules.WellFormed);
            bool isMap = reader.PeekType() == CborType.Map;
            CborItems fields = default;
            if (isMap)
            {
                fields = reader.ReadMap();
                Require(reader.HasNext(ref fields), "an empty map");
            }

            string name = reader.ReadText(NameBytes);
            if (isMap && name == "Error")
            {
                throw ErrorOf(command, reader.ReadText(NameBytes));
            }

            if (name != NsmNames.Of(command) || isMap != body is not null)
            {
                throw Malformed($"not a reply to {command}, or one of another form");
            }

            T value = body is null ? default! : body(ref reader);
            Require(!isMap || !reader.HasNext(ref fields), "more than one entry");
            return value;
        }
        catch (WireException malformed)
        {
            throw new NsmException(NsmError.MalformedReply, $"read NSM reply: {malformed.Message}", malformed);
        }
    }

    private static NsmDescription ReadDescription(ref CborReader reader)
    {
        int? major = null, minor = null, patch = null, maxPcrs = null;
        string? moduleId = null, digest = null;
        int[]? locked = null;
        CborItems fields = reader.ReadMap();
        while (reader.HasNext(ref fields))
        {
            switch (reader.ReadText(NameBytes))
            {
                case "version_major":
                    major = ReadUInt16(ref reader);
                    break;
                case "version_minor":
                    minor = ReadUInt16(ref reader);
                    break;
                case "version_patch":
                    patch = ReadUInt16(ref reader);
                    break;
                case "max_pcrs":
                    maxPcrs = ReadUInt16(ref reader);
                    break;
                case "module_id":
                    moduleId = reader.ReadText(ModuleIdBytes);
                    break;
                case "digest":
                    digest = reader.ReadText(NameBytes);
                    break;
                case "locked_pcrs":
                    locked = ReadIndexes(ref reader);
                    break;
                default:
                    throw Malformed("an unknown field");
            }
        }

        Require(digest == "SHA384", "a digest other than SHA384");
        int pcrs = Field(maxPcrs, "max_pcrs");
        int[] indexes = locked ?? throw Missing("locked_pcrs");
        Require(Array.TrueForAll(indexes, index => index < pcrs), "a locked PCR that does not exist");
        return new NsmDescription(
            new Version(Field(major, "version_major"), Field(minor, "version_minor"), Field(patch, "version_patch")),
            moduleId ?? throw Missing("module_id"),
            pcrs,
            indexes);
    }

    private static NsmPcr ReadPcr(ref CborReader reader)
    {
        bool? isLocked = null;
        byte[]? value = null;
        CborItems fields = reader.ReadMap();
        while (reader.HasNext(ref fields))
        {
            switch (reader.ReadText(NameBytes))
            {
                case "lock":
                    isLocked = reader.ReadBoolean();
                    break;
                case "data":
                    value = ReadBytes(ref reader, "data", NsmLimits.PcrBytes, NsmLimits.PcrBytes);
                    break;
                default:
                    throw Malformed("an unknown field");
            }
        }

        return new NsmPcr(isLocked ?? throw Missing("lock"), value ?? throw Missing("data"));
    }

    /// <summary>A body with one field, which is a byte string.</summary>
    private static ReadOnlyMemory<byte> ReadOnly(ref CborReader reader, string name, int minimumBytes, int maximumBytes)
    {
        CborItems fields = reader.ReadMap();
        Require(reader.HasNext(ref fields) && reader.ReadText(NameBytes) == name, $"{name} is missing");
        byte[] value = ReadBytes(ref reader, name, minimumBytes, maximumBytes);
        Require(!reader.HasNext(ref fields), "an unknown field");
        return value;
    }

    private static byte[] ReadBytes(ref CborReader reader, string name, int minimumBytes, int maximumBytes)
    {
        ReadOnlySpan<byte> value = reader.ReadByteString();
        return value.Length >= minimumBytes && value.Length <= maximumBytes ? value.ToArray() : throw Malformed($"{name} has {value.Length} bytes");
    }

    private static int[] ReadIndexes(ref CborReader reader)
    {
        // What was read counts, not what a length says; the validator has bounded the items by the reply's length.
        List<int> indexes = [];
        CborItems items = reader.ReadArray();
        while (reader.HasNext(ref items))
        {
            int index = ReadUInt16(ref reader);
            Require(!indexes.Contains(index), "a PCR that is locked twice");
            Require(indexes.Count < NsmLimits.Pcrs, "more locked PCRs than there are");
            indexes.Add(index);
        }

        return [.. indexes];
    }

    private static int ReadUInt16(ref CborReader reader)
    {
        ulong value = reader.ReadUInt64();
        return value <= ushort.MaxValue ? (int)value : throw Malformed($"{value} where 16 bits are");
    }

    private static int Field(int? value, string name) => value ?? throw Missing(name);

    private static NsmException Missing(string name) => Malformed($"{name} is missing");

    private static NsmException Malformed(string cause) => new(NsmError.MalformedReply, $"read NSM reply: {cause}");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Malformed(otherwise);
        }
    }

    private static NsmException ErrorOf(NsmCommand command, string name)
    {
        NsmError error = NsmNames.Error(name);
        return new NsmException(error, $"{command}: the module answers {(name.All(char.IsAsciiLetter) ? name : "an unprintable error")}");
    }
}
