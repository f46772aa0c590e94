using Init.Prover.MessagePack;

namespace Init.Prover.Barretenberg;

/// <summary>Reads bbapi's replies. A reply comes out of a sandbox that a hostile circuit may rule: every field is checked.</summary>
internal static class Replies
{
    private const int MaxMessageBytes = 1024;

    /// <summary>Enters <c>[ReplyName, {fields}]</c> and stands before the map.</summary>
    /// <exception cref="ProverException">Refused: the reply is an ErrorResponse. MalformedReply: it is anything else.</exception>
    public static MessagePackReader Open(ReadOnlySpan<byte> reply, ICommand command)
    {
        MessagePackReader reader = new(reply);
        if (reader.ReadArrayHeader() != 2)
        {
            throw Malformed(command, "not a pair");
        }

        string name = reader.ReadString(maxBytes: 64);
        if (name == "ErrorResponse")
        {
            throw new ProverException(ProverError.Refused, $"{command.Name}: {ReadErrorMessage(ref reader)}");
        }

        return name == command.ReplyName ? reader : throw Malformed(command, "another command's reply");
    }

    /// <summary>Accepts an acknowledgement, whatever fields it has.</summary>
    public static void ReadAcknowledgement(byte[] reply, ICommand command) => Open(reply, command);

    public static Proof ReadProof(byte[] reply, ICommand command)
    {
        MessagePackReader reader = Open(reply, command);
        byte[]? publicInputs = null, proof = null;
        VerificationKey? key = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadStringUtf8();
            if (field.SequenceEqual("public_inputs"u8))
            {
                publicInputs = ReadFieldElements(ref reader, command);
            }
            else if (field.SequenceEqual("proof"u8))
            {
                proof = ReadFieldElements(ref reader, command);
            }
            else if (field.SequenceEqual("vk"u8))
            {
                key = ReadKeyFields(ref reader, command);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.ReadEnd();
        return proof is not null && publicInputs is not null && key is not null
            ? new Proof(proof, publicInputs, key)
            : throw Malformed(command, "a field is missing");
    }

    public static VerificationKey ReadKey(byte[] reply, ICommand command)
    {
        MessagePackReader reader = Open(reply, command);
        VerificationKey key = ReadKeyFields(ref reader, command);
        reader.ReadEnd();
        return key;
    }

    public static bool ReadVerdict(byte[] reply, ICommand command, ReadOnlySpan<byte> verdictKey)
    {
        MessagePackReader reader = Open(reply, command);
        bool? verdict = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.ReadStringUtf8().SequenceEqual(verdictKey))
            {
                verdict = reader.ReadBoolean();
            }
            else
            {
                reader.Skip();
            }
        }

        reader.ReadEnd();
        return verdict ?? throw Malformed(command, "the verdict is missing");
    }

    public static CircuitStatistics ReadStatistics(byte[] reply, ICommand command)
    {
        MessagePackReader reader = Open(reply, command);
        long gates = -1, dyadic = -1, opcodes = -1;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadStringUtf8();
            if (field.SequenceEqual("num_gates"u8))
            {
                gates = reader.ReadUInt32();
            }
            else if (field.SequenceEqual("num_gates_dyadic"u8))
            {
                dyadic = reader.ReadUInt32();
            }
            else if (field.SequenceEqual("num_acir_opcodes"u8))
            {
                opcodes = reader.ReadUInt32();
            }
            else
            {
                reader.Skip();
            }
        }

        reader.ReadEnd();
        return gates >= 0 && dyadic >= 0 && opcodes >= 0
            ? new CircuitStatistics(gates, dyadic, opcodes)
            : throw Malformed(command, "a field is missing");
    }

    public static byte[] ReadFieldElements(ref MessagePackReader reader, ICommand command)
    {
        int count = reader.ReadArrayHeader();
        if (count > Field.MaxProofBytes / Field.ElementBytes)
        {
            throw Malformed(command, $"{count} field elements");
        }

        // Not an allocation on a declared length: the reader has checked that the input holds at least `count` values.
        byte[] elements = new byte[count * Field.ElementBytes];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = reader.ReadBinary();
            if (element.Length != Field.ElementBytes)
            {
                throw Malformed(command, $"field element of {element.Length} bytes");
            }

            element.CopyTo(elements.AsSpan(i * Field.ElementBytes));
        }

        return elements;
    }

    public static ProverException Malformed(ICommand command, string cause) =>
        new(ProverError.MalformedReply, $"read {command.Name}'s reply: {cause}");

    private static VerificationKey ReadKeyFields(ref MessagePackReader reader, ICommand command)
    {
        byte[]? bytes = null;
        byte[] hash = [];
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.ReadStringUtf8();
            if (field.SequenceEqual("bytes"u8))
            {
                bytes = reader.ReadBinary().ToArray();
            }
            else if (field.SequenceEqual("hash"u8))
            {
                hash = reader.ReadBinary().ToArray();
            }
            else
            {
                reader.Skip();
            }
        }

        return bytes is not null ? new VerificationKey(bytes, hash) : throw Malformed(command, "the key is missing");
    }

    private static string ReadErrorMessage(ref MessagePackReader reader)
    {
        string message = "no message";
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.ReadStringUtf8().SequenceEqual("message"u8))
            {
                message = reader.ReadString(MaxMessageBytes);
            }
            else
            {
                reader.Skip();
            }
        }

        return message;
    }
}
