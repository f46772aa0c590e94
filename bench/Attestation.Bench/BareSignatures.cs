using System.Security.Cryptography;

namespace Init.Attestation.Bench;

/// <summary>The least that a verifier must do: five ECDSA P-384 verifications, each with a key that has to be imported.</summary>
internal sealed class BareSignatures : IDisposable
{
    private static readonly byte[] Message = new byte[500];

    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECParameters _key;
    private readonly byte[] _signature;

    public BareSignatures()
    {
        _key = _signer.ExportParameters(includePrivateParameters: false);
        _signature = _signer.SignData(Message, HashAlgorithmName.SHA384);
    }

    public void VerifyFive()
    {
        for (int i = 0; i < 5; i++)
        {
            using ECDsa key = ECDsa.Create(_key);
            if (!key.VerifyData(Message, _signature, HashAlgorithmName.SHA384))
            {
                throw new InvalidOperationException("a right signature was refused");
            }
        }
    }

    public void Dispose() => _signer.Dispose();
}
