namespace Init.Attestation.Tests;

/// <summary>The payload's fields: which there must be, of which type and length.</summary>
public sealed class PayloadTests
{
    [Theory]
    [InlineData("module_id")]
    [InlineData("digest")]
    [InlineData("timestamp")]
    [InlineData("pcrs")]
    [InlineData("certificate")]
    [InlineData("cabundle")]
    public void A_document_without_a_required_field_is_refused(string name) =>
        Malformed($"{name} is missing", fields => fields.RemoveAll(field => field.Name == name));

    [Theory]
    [InlineData("public_key")]
    [InlineData("user_data")]
    [InlineData("nonce")]
    public void A_document_without_an_optional_field_is_accepted(string name) => Expect.Accepted(
        new Forge { BendFields = fields => fields.RemoveAll(field => field.Name == name) }.Verify(), AttestationTrust.ConfiguredRoot);

    [Fact]
    public void A_field_that_is_not_known_is_skipped() => Expect.Accepted(
        new Forge { BendFields = fields => fields.Add(("new_field", Cbor.Array(Cbor.Map((Cbor.Number(1), Cbor.Null))))) }.Verify(),
        AttestationTrust.ConfiguredRoot);

    [Theory]
    [InlineData("module_id")]
    [InlineData("nonce")]
    [InlineData("new_field")]
    public void A_field_that_is_there_twice_is_refused(string name) => Malformed("read CBOR", fields =>
    {
        fields.Add((name, Cbor.Null));
        if (!fields.Take(fields.Count - 1).Any(field => field.Name == name))
        {
            fields.Add((name, Cbor.Number(1)));
        }
    });

    [Theory]
    [InlineData("module_id", "40")]
    [InlineData("module_id", "f6")]
    [InlineData("module_id", "60")]
    [InlineData("digest", "46534841333834")]
    [InlineData("timestamp", "20")]
    [InlineData("timestamp", "00")]
    [InlineData("timestamp", "fb7ff0000000000000")]
    [InlineData("timestamp", "1bffffffffffffffff")]
    [InlineData("timestamp", "6131")]
    [InlineData("pcrs", "80")]
    [InlineData("pcrs", "a0")]
    [InlineData("certificate", "f6")]
    [InlineData("certificate", "40")]
    [InlineData("certificate", "60")]
    [InlineData("cabundle", "80")]
    [InlineData("cabundle", "8140")]
    [InlineData("cabundle", "81f6")]
    [InlineData("cabundle", "a0")]
    [InlineData("public_key", "60")]
    [InlineData("public_key", "f7")]
    [InlineData("user_data", "00")]
    [InlineData("user_data", "f4")]
    [InlineData("nonce", "80")]
    [InlineData("nonce", "5f41aaff")]
    public void A_field_of_another_type_or_empty_where_it_may_not_be_is_refused(string name, string value) =>
        Malformed("read attestation document", fields => Replace(fields, name, Convert.FromHexString(value)));

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA512")]
    [InlineData("sha384")]
    [InlineData("")]
    public void Another_digest_is_refused(string digest) =>
        Malformed("a digest other than SHA384", fields => Replace(fields, "digest", Cbor.Text(digest)));

    [Theory]
    [InlineData("public_key", AttestationLimits.MaxPublicKeyBytes)]
    [InlineData("user_data", AttestationLimits.MaxUserDataBytes)]
    [InlineData("nonce", AttestationLimits.MaxNonceBytes)]
    public void What_the_enclave_put_there_is_handed_out_up_to_its_limit(string name, int limit)
    {
        byte[] value = [.. Enumerable.Range(0, limit).Select(i => (byte)i)];
        AttestationPayload claims = new Forge { BendFields = fields => Replace(fields, name, Cbor.Bytes(value)) }.Verify().RequireAccepted();
        ReadOnlyMemory<byte>? found = name switch { "public_key" => claims.PublicKey, "user_data" => claims.UserData, _ => claims.Nonce };
        Assert.Equal(value, found!.Value.ToArray());
        Malformed($"{name} of {limit + 1} bytes", fields => Replace(fields, name, Cbor.Bytes(new byte[limit + 1])));
    }

    [Fact]
    public void A_value_that_is_empty_is_not_a_value_that_is_missing()
    {
        AttestationPayload claims = new Forge { BendFields = fields => Replace(fields, "user_data", Cbor.Bytes(default)) }.Verify().RequireAccepted();
        Assert.Equal(0, claims.UserData!.Value.Length);
        Assert.Null(claims.Nonce);
    }

    [Fact]
    public void A_name_or_a_certificate_beyond_its_limit_is_refused()
    {
        Malformed("limit 128", fields => Replace(fields, "module_id", Cbor.Text(new string('i', 129))));
        Malformed("a certificate of 1025 bytes", fields => Replace(fields, "certificate", Cbor.Bytes(new byte[1025])));
        Malformed("a certificate of 1025 bytes", fields => Replace(fields, "cabundle", Cbor.Array(Cbor.Bytes(new byte[1025]))));
        Malformed("more than 8", fields => Replace(fields, "cabundle", Cbor.Array([.. Enumerable.Repeat(Cbor.Bytes(new byte[10]), 9)])));
    }

    [Theory]
    [InlineData(0, 47)]
    [InlineData(0, 49)]
    [InlineData(0, 0)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    [InlineData(32, 48)]
    [InlineData(255, 48)]
    public void A_PCR_of_another_length_or_number_is_refused(int index, int bytes)
    {
        Forge forge = new();
        forge.Pcrs[index] = new byte[bytes];
        Expect.Throws(AttestationError.Malformed, $"PCR{index} of {bytes} bytes", () => forge.Verify());
    }

    [Fact]
    public void PCRs_up_to_31_are_accepted_and_one_that_is_there_twice_is_refused()
    {
        Forge forge = new();
        forge.Pcrs[31] = [.. Forge.Pcr(31)];
        Assert.Equal(Forge.PcrHex(31), forge.Verify().RequireAccepted().Pcrs[31].ToString());

        // 1 in one byte and in two.
        byte[] twice = Cbor.Map(
            (Cbor.Number(0), Cbor.Bytes(Forge.Pcr(0).ToArray())), ([0x01], Cbor.Bytes(Forge.Pcr(1).ToArray())), ([0x18, 0x01], Cbor.Bytes(Forge.Pcr(2).ToArray())));
        Malformed("read CBOR", fields => Replace(fields, "pcrs", twice));
    }

    [Fact]
    public void A_PCR_with_a_negative_number_or_a_name_is_refused()
    {
        byte[] zero = Cbor.Bytes(new byte[48]);
        Malformed("expected UnsignedInteger", fields => Replace(fields, "pcrs", Cbor.Map((Cbor.Number(-1), zero))));
        Malformed("expected UnsignedInteger", fields => Replace(fields, "pcrs", Cbor.Map((Cbor.Text("0"), zero))));
    }

    [Fact]
    public void A_document_without_PCR0_is_refused()
    {
        Forge forge = new();
        forge.Pcrs.Remove(0);
        Expect.Throws(AttestationError.Malformed, "PCR0 is missing", () => forge.Verify(forge.Policy with { AllowDebug = true }));
    }

    private static void Replace(List<(string Name, byte[] Value)> fields, string name, byte[] value) =>
        fields[fields.FindIndex(field => field.Name == name)] = (name, value);

    private static void Malformed(string text, Action<List<(string Name, byte[] Value)>> bend) =>
        Expect.Throws(AttestationError.Malformed, text, () => new Forge { BendFields = bend }.Verify());
}
