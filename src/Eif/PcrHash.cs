using System.Security.Cryptography;

namespace Init.Eif;

/// <summary>The measurement of a sequence of section bodies: one register extended once from zero.</summary>
internal sealed class PcrHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);

    public void Append(ReadOnlySpan<byte> body) => _hash.AppendData(body);

    /// <summary>The register's value, were this all; more may follow.</summary>
    public string Value()
    {
        Span<byte> extended = stackalloc byte[2 * SHA384.HashSizeInBytes];
        extended.Clear();
        _hash.GetCurrentHash(extended[SHA384.HashSizeInBytes..]);
        Span<byte> register = stackalloc byte[SHA384.HashSizeInBytes];
        SHA384.HashData(extended, register);
        return Convert.ToHexStringLower(register);
    }

    public void Dispose() => _hash.Dispose();
}
