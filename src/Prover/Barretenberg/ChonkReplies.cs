using Init.Prover.MessagePack;

namespace Init.Prover.Barretenberg;

/// <summary>Reads ChonkProve's reply: <c>{proof: {five transcripts}}</c>.</summary>
internal static class ChonkReplies
{
    private static readonly string[] Transcripts =
        ["hiding_oink_proof", "merge_proof", "eccvm_proof", "ipa_proof", "joint_proof"];

    public static ChonkProof ReadProof(byte[] reply, ICommand command)
    {
        MessagePackReader reader = Replies.Open(reply, command);
        if (reader.ReadMapHeader() != 1 || !reader.ReadStringUtf8().SequenceEqual("proof"u8))
        {
            throw Replies.Malformed(command, "no proof");
        }

        Dictionary<string, byte[]> found = [];
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string name = reader.ReadString(maxBytes: 64);
            found[name] = Replies.ReadFieldElements(ref reader, command);
        }

        reader.ReadEnd();
        byte[][] parts = [.. Transcripts.Select(name => found.GetValueOrDefault(name) ?? throw Replies.Malformed(command, $"no {name}"))];
        return new ChonkProof(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }
}
