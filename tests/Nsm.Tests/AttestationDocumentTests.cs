using System.Globalization;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Wire;

namespace Init.Nsm.Tests;

public sealed class AttestationDocumentTests
{
    private static readonly AttestationFields Fields = new()
    {
        UserData = new byte[] { 1 },
        Nonce = new byte[] { 2, 2 },
        PublicKey = new byte[] { 3, 3, 3 },
    };

    [VectorsFact]
    public void Documents_signed_by_real_modules_carry_the_time_that_is_in_their_names()
    {
        string[] files = Directory.GetFiles(Places.Vector("attestation"), "*.bin");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            AttestationDocument document = AttestationDocument.Parse(File.ReadAllBytes(file));
            Assert.Equal(TimeInName(file), document.Timestamp);
            Assert.StartsWith("i-", document.ModuleId, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(0, 16), document.Pcrs.Keys.Order());
            Assert.Equal(4, document.CaBundle.Count);
            Assert.Equal(file.Contains("debug", StringComparison.Ordinal), document.Pcrs[0].Span.IndexOfAnyExcept((byte)0) < 0);
        }
    }

    [VectorsFact]
    public void The_fields_of_a_real_document_are_read()
    {
        AttestationDocument document = AttestationDocument.Parse(File.ReadAllBytes(Places.Vector("attestation/qos-2022-07-06T141822.484Z.bin")));
        Assert.Equal("i-07e25f3bada361dec-enc0181d3dff86da785", document.ModuleId);
        Assert.Equal(32, document.UserData.Length);
        Assert.False(document.PublicKey.IsEmpty);
        Assert.True(document.Nonce.IsEmpty);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_payload_is_a_map_of_definite_or_indefinite_length(bool isIndefinite)
    {
        ManualTime time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));
        AttestationDocument document = AttestationDocument.Parse(
            Make(new SoftwareNsmOptions { IsUnsigned = true, IsIndefiniteLength = isIndefinite, Pcrs = Sessions.BootPcrs() }, time));
        Assert.Equal(time.GetUtcNow(), document.Timestamp);
        Assert.Equal(Enumerable.Range(0, 16), document.Pcrs.Keys.Order());
        Assert.All(Sessions.BootPcrs(), pcr => Assert.Equal(pcr.Value.ToArray(), document.Pcrs[pcr.Key].ToArray()));
        Assert.Equal([1], document.UserData.ToArray());
        Assert.Equal([2, 2], document.Nonce.ToArray());
        Assert.Equal([3, 3, 3], document.PublicKey.ToArray());
    }

    [Fact]
    public void Seconds_are_whole_where_the_module_is_QEMUs()
    {
        ManualTime time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero));
        AttestationDocument document = AttestationDocument.Parse(
            Make(new SoftwareNsmOptions { IsUnsigned = true, HasWholeSeconds = true }, time));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), document.Timestamp);
    }

    [Fact]
    public void The_written_payload_is_read() => Assert.Equal("i-1", AttestationDocument.Parse(Document(Payload(_ => { }))).ModuleId);

    [Fact]
    public void Required_fields_are_required_and_optional_ones_may_be_absent()
    {
        foreach (string field in new[] { "module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle" })
        {
            Refuses(Document(Payload(fields => fields.Remove(field))));
        }

        AttestationDocument document = AttestationDocument.Parse(Document(Payload(fields =>
        {
            fields.Remove("public_key");
            fields.Remove("user_data");
            fields.Remove("nonce");
        })));
        Assert.True(document.PublicKey.IsEmpty);
        Assert.True(document.UserData.IsEmpty);
        Assert.True(document.Nonce.IsEmpty);
    }

    [Fact]
    public void A_field_that_is_not_known_is_skipped() =>
        Assert.Equal("i-1", AttestationDocument.Parse(Document(Payload(fields => fields["added_later"] = Pcrs(1, 1)))).ModuleId);

    [Fact]
    public void Another_digest_is_refused() =>
        Refuses(Document(Payload(fields => fields["digest"] = (ref CborWriter writer) => writer.WriteText("SHA256"u8))));

    [Theory]
    [InlineData(253_402_300_799_999UL, true)]
    [InlineData(253_402_300_800_000UL, false)]
    [InlineData(ulong.MaxValue, false)]
    public void A_timestamp_fits_into_the_calendar(ulong timestampMs, bool fits)
    {
        byte[] document = Document(Payload(fields => fields["timestamp"] = (ref CborWriter writer) => writer.WriteUInt64(timestampMs)));
        if (fits)
        {
            Assert.Equal((long)timestampMs, AttestationDocument.Parse(document).Timestamp.ToUnixTimeMilliseconds());
        }
        else
        {
            Refuses(document);
        }
    }

    [Theory]
    [InlineData(31UL, 48, true)]
    [InlineData(32UL, 48, false)]
    [InlineData(0UL, 47, false)]
    [InlineData(0UL, 64, false)]
    public void A_PCR_exists_and_has_48_bytes(ulong index, int lengthBytes, bool isRight)
    {
        byte[] document = Document(Payload(fields => fields["pcrs"] = Pcrs(index, lengthBytes)));
        if (isRight)
        {
            Assert.Equal((int)index, Assert.Single(AttestationDocument.Parse(document).Pcrs).Key);
        }
        else
        {
            Refuses(document);
        }
    }

    [Fact]
    public void The_envelope_is_an_untagged_array_of_four_with_an_empty_unprotected_header()
    {
        byte[] payload = Payload(_ => { });
        Refuses([0xd2, .. Document(payload)]); // tag 18, COSE_Sign1
        Refuses(Cose(payload, items: 3, unprotected: 0));
        Refuses(Cose(payload, items: 5, unprotected: 0));
        Refuses(Cose(ShortPayload(), items: 4, unprotected: 1));
        Assert.Equal("i-1", AttestationDocument.Parse(Document(ShortPayload())).ModuleId);
        Refuses([.. Document(payload), 0]);
        Refuses([]);
    }

    [Fact]
    public void A_byte_behind_the_payload_or_a_field_twice_is_refused()
    {
        byte[] payload = Payload(_ => { });
        Refuses(Document([.. payload, 0]));
        Refuses(Document([0xbf, .. payload[1..], .. payload[1..], 0xff]));
    }

    private static DateTimeOffset TimeInName(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return DateTimeOffset.ParseExact(
            name[^22..], "yyyy-MM-dd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    private static ReadOnlyMemory<byte> Make(SoftwareNsmOptions options, TimeProvider time)
    {
        using SoftwareNsmDevice module = new(options, time);
        byte[] response = new byte[NsmLimits.ResponseBytes];
        return NsmReplies.Attestation(response.AsSpan(0, module.Exchange(NsmRequests.Attestation(Fields), response)));
    }

    private static CborEncoding Pcrs(ulong index, int lengthBytes) => (ref CborWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(index);
        writer.WriteByteString(new byte[lengthBytes]);
    };

    private static byte[] Payload(Action<Dictionary<string, CborEncoding>> change)
    {
        CborEncoding bytes = (ref CborWriter writer) => writer.WriteByteString([1]);
        Dictionary<string, CborEncoding> fields = new()
        {
            ["module_id"] = (ref CborWriter writer) => writer.WriteText("i-1"u8),
            ["digest"] = (ref CborWriter writer) => writer.WriteText("SHA384"u8),
            ["timestamp"] = (ref CborWriter writer) => writer.WriteUInt64(1),
            ["pcrs"] = Pcrs(0, 48),
            ["certificate"] = bytes,
            ["cabundle"] = (ref CborWriter writer) => writer.WriteArrayHeader(0),
            ["public_key"] = bytes,
            ["user_data"] = bytes,
            ["nonce"] = bytes,
        };
        change(fields);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(fields.Count);
            foreach ((string key, CborEncoding value) in fields)
            {
                writer.WriteText(key);
                value(ref writer);
            }
        });
    }

    /// <summary>So short that it can also be the key of a map.</summary>
    private static byte[] ShortPayload() => Payload(fields =>
    {
        fields["pcrs"] = (ref CborWriter writer) => writer.WriteMapHeader(0);
        fields.Remove("public_key");
        fields.Remove("user_data");
        fields.Remove("nonce");
    });

    private static byte[] Document(byte[] payload) => Cose(payload, items: 4, unprotected: 0);

    private static byte[] Cose(byte[] payload, int items, int unprotected) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteArrayHeader(items);
        writer.WriteByteString([]);
        writer.WriteMapHeader(unprotected);
        for (int entry = 0; entry < unprotected; entry++)
        {
            writer.WriteByteString(payload); // what a reader that goes on would take for the payload
            writer.WriteByteString(payload);
        }

        writer.WriteByteString(payload);
        for (int item = 3; item < items; item++)
        {
            writer.WriteByteString(new byte[96]);
        }
    });

    private static void Refuses(byte[] document) =>
        Assert.Equal(NsmError.MalformedDocument, Assert.Throws<NsmException>(() => AttestationDocument.Parse(document)).Error);
}
