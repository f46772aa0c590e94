using System.Text.Json;
using Init.Prover;

namespace Init.Parent;

/// <summary>The files that <c>bb</c> writes, in one folder.</summary>
internal static class ProofFiles
{
    private const string ProofName = "proof";
    private const string InputsName = "public_inputs";
    private const string KeyName = "vk";
    private const string HashName = "vk_hash";

    public static void WriteProof(string folder, ReadOnlyMemory<byte> proof, ReadOnlyMemory<byte> publicInputs, VerificationKey key)
    {
        Write(folder, ProofName, proof);
        Write(folder, InputsName, publicInputs);
        WriteKey(folder, key);
    }

    public static void WriteKey(string folder, VerificationKey key)
    {
        Write(folder, KeyName, key.Bytes);
        if (!key.Hash.IsEmpty)
        {
            Write(folder, HashName, key.Hash);
        }
    }

    /// <summary>What was written, for people.</summary>
    public static string Summary(string folder, bool withProof, VerificationKey key) =>
        $"{folder}/{{{(withProof ? $"{ProofName},{InputsName}," : "")}{KeyName}{(key.Hash.IsEmpty ? "" : $",{HashName}")}}}";

    /// <summary>What was written, for programs: paths, null for what is not there.</summary>
    public static void WriteJson(Utf8JsonWriter writer, string folder, bool withProof, VerificationKey key)
    {
        if (withProof)
        {
            writer.WriteString("Proof", Path.Combine(folder, ProofName));
            writer.WriteString("PublicInputs", Path.Combine(folder, InputsName));
        }

        writer.WriteString("Key", Path.Combine(folder, KeyName));
        writer.WriteString("KeyHash", key.Hash.IsEmpty ? null : Path.Combine(folder, HashName));
    }

    private static void Write(string folder, string name, ReadOnlyMemory<byte> bytes)
    {
        Directory.CreateDirectory(folder);
        UnfinishedFile.Write(Path.Combine(folder, name), bytes);
    }
}
