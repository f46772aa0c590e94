using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Init.Client;
using Init.Nsm;
using Init.Simulator.Qemu;
using Init.Simulator.SoftwareNsm;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>The production image with the software NSM: the same kernel, the same driver, documents that are signed.</summary>
public sealed class SoftwareNsmTests
{
    [SoftwareNsmFact]
    public async Task Documents_are_signed_and_say_what_was_booted_and_asked()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production, With);
        using EnclaveClient client = enclave.Connect();
        HelloReply hello = await client.HelloAsync();
        byte[] nonce = RandomNumberGenerator.GetBytes(32), userData = RandomNumberGenerator.GetBytes(64);
        ReadOnlyMemory<byte> bytes = (await client.FetchAttestationAsync(nonce, userData)).Document;

        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(enclave.Machine.Nsm!.RootCertificate.Span);
        Assert.True(DocumentSignature.IsBy(bytes, root));
        using SoftwareNsmDevice other = new(new SoftwareNsmOptions(), TimeProvider.System);
        using X509Certificate2 otherRoot = X509CertificateLoader.LoadCertificate(other.RootCertificate.Span);
        Assert.False(DocumentSignature.IsBy(bytes, otherRoot));

        AttestationDocument document = AttestationDocument.Parse(bytes);
        Assert.Equal(nonce, document.Nonce.ToArray());
        Assert.Equal(userData, EnclaveStatement.Decode(document.UserData).UserData.ToArray());
        AssertPcrs(document, hello);
        HealthReply health = await client.HealthAsync();
        Assert.Equal("nsm-hwrng", health.Entropy.Source);
        Assert.Empty(health.Nsm.Errors);
        Assert.Equal(0, enclave.Machine.Nsm.BrokenRings + enclave.Machine.Nsm.RefusedMessages);
    }

    [SoftwareNsmFact]
    public async Task An_error_of_the_NSM_ends_its_request_alone()
    {
        using BootedEnclave enclave = BootedEnclave.Start(Images.Production, With);
        await enclave.Machine.Console!.WaitForLineAsync(line => line.StartsWith("[init] ready", StringComparison.Ordinal), BootedEnclave.BootTimeout);
        using EnclaveClient client = enclave.Connect();
        enclave.Machine.Nsm!.Faults = new SoftwareNsmFaults { ErrorName = "InternalError" };
        ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.FetchAttestationAsync(new byte[16], default));
        Assert.NotNull(failure.Reply);
        enclave.Machine.Nsm.Faults = SoftwareNsmFaults.None;
        Assert.NotEqual(0, (await client.FetchAttestationAsync(new byte[16], default)).Document.Length);
        Assert.NotEmpty((await client.HealthAsync()).Nsm.Errors);
    }

    [GuestFact]
    public void The_enclaves_binary_contains_nothing_of_it()
    {
        byte[] mark = Encoding.Unicode.GetBytes("INSECURE DEVELOPMENT"); // as string literals are in Native AOT's
        Assert.True(File.ReadAllBytes(Guest.Enclave).AsSpan().IndexOf(mark) >= 0, "not even in the simulator: this test cannot fail");
        Assert.True(File.ReadAllBytes(Guest.Init).AsSpan().IndexOf(mark) < 0);
    }

    internal static QemuEnclaveOptions With(QemuEnclaveOptions options) => options with { Nsm = NsmKind.Software };

    /// <summary>As hardware does: the image's, the parent's role and instance, all sixteen locked; and 16, which init extends and locks.</summary>
    private static void AssertPcrs(AttestationDocument document, HelloReply hello)
    {
        Assert.Equal(Enumerable.Range(0, 17), document.Pcrs.Keys.Order());
        foreach ((int index, string value) in Images.Production.Measurements.Registers)
        {
            Assert.Equal(value, Convert.ToHexStringLower(document.Pcrs[index].Span));
        }

        Assert.Equal(ExtendedBy(Encoding.ASCII.GetBytes("arn:aws:iam::000000000000:role/INSECURE-DEVELOPMENT")), document.Pcrs[3].ToArray());
        Assert.Equal(ExtendedBy(Encoding.ASCII.GetBytes(document.ModuleId.Split("-enc")[0])), document.Pcrs[4].ToArray());
        Assert.Equal(ExtendedBy(hello.ConfigurationDigest.Span), document.Pcrs[16].ToArray());
        Assert.All([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], index => Assert.Equal(new byte[48], document.Pcrs[index].ToArray()));
    }

    private static byte[] ExtendedBy(ReadOnlySpan<byte> data) => SHA384.HashData([.. new byte[48], .. data]);
}
