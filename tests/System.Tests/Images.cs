using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Init.Eif;
using Init.Testing;

namespace Init.SystemTests;

/// <summary>Images for tests, built by <c>enclave image build</c> as a user would; each once a run.</summary>
internal static class Images
{
    private static readonly string Folder = Places.Scratch("images");

    /// <summary>The production image: the kernel, the enclave's binary and the ceremony's points; nothing else.</summary>
    public static Image Production { get; } = Build("production", Guest.Init, Places.CeremonyCrs);

    /// <summary>The production image with another folder of points, or none.</summary>
    public static Image WithCrs(string name, string? crs, string moreWords = "") => Build(name, Guest.Init, crs, moreWords);

    /// <summary>The production image with another folder of points, its command line silent about them.</summary>
    public static Image WithUnpinnedCrs(string name, string crs) => Build(name, Guest.Init, crs, isPinned: false);

    /// <summary>The production image, signed with a key of its own.</summary>
    public static Image Signed(string name)
    {
        string key = Path.Combine(Folder, name + ".key"), certificate = Path.Combine(Folder, name + ".pem");
        using (var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384))
        {
            CertificateRequest request = new("CN=system test", ecdsa, HashAlgorithmName.SHA384);
            using X509Certificate2 signing = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(key, ecdsa.ExportECPrivateKeyPem());
            File.WriteAllText(certificate, signing.ExportCertificatePem());
        }

        string path = Path.Combine(Folder, name + ".eif");
        Run(Guest.Enclave, ["image", "sign", Production.Path, "-o", path, "--signing-key", key, "--signing-certificate", certificate]);
        return Read(path);
    }

    /// <summary>Another program as PID 1, with the enclave's binary beside it as /enclave-init.</summary>
    public static Image WithFirstProcess(string name, string source, params string[] flags) =>
        Build(name, Compile(name, source, flags), Places.CeremonyCrs, files: [$"{Guest.Init}=/enclave-init"]);

    /// <summary>What <c>nitro-cli build-enclave</c> makes of the Docker image, with a PID 1 that does what its init does.</summary>
    public static Image AsNitroCliLaysItOut()
    {
        string command = Path.Combine(Folder, "cmd"), environment = Path.Combine(Folder, "env"), crs = Places.CeremonyCrs;
        File.WriteAllText(command, "/init\n");
        File.WriteAllText(environment, "PATH=/sbin:/usr/sbin:/bin:/usr/bin\n");
        return Build("nitro-cli", Compile("nitro-cli", "nitro_cli_init.c"), crs: null, ramdisk: "gzip", files: [
            $"{command}=/cmd", $"{environment}=/env", $"{Guest.Init}=/rootfs/init",
            $"{crs}/bn254_g1.dat=/rootfs/crs/bn254_g1.dat", $"{crs}/bn254_g2.dat=/rootfs/crs/bn254_g2.dat",
        ]);
    }

    /// <summary>Another program as PID 1, alone.</summary>
    public static Image OfProgram(string name, string source) => Build(name, Compile(name, source), crs: null);

    private static Image Build(string name, string init, string? crs, string moreWords = "", string[]? files = null, bool isPinned = true, string ramdisk = "lz4")
    {
        string path = Path.Combine(Folder, name + ".eif");
        List<string> arguments = ["image", "build", "--kernel", Guest.Kernel, "--init", init, "-o", path, "--ramdisk", ramdisk];
        arguments.AddRange(crs is null ? [] : ["--crs", crs]);
        arguments.AddRange(isPinned ? [] : ["--unpinned-crs"]);
        arguments.AddRange(moreWords.Length == 0 ? [] : ["--cmdline", $"{KernelCommandLine.Default} {moreWords}"]);
        arguments.AddRange((files ?? []).SelectMany(file => (string[])["--file", file]));
        Run(Guest.Enclave, arguments);
        return Read(path);
    }

    private static Image Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new Image(path, EifReader.Read(stream).Measurements);
    }

    private static string Compile(string name, string source, params string[] flags)
    {
        string program = Path.Combine(Folder, name);
        Run("gcc", ["-static", "-O2", "-Wall", "-Wextra", "-Werror", .. flags, Path.Combine(Places.Root, "tests/guest", source), "-o", program]);
        return program;
    }

    private static void Run(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{error.GetAwaiter().GetResult()}");
        }
    }
}

/// <summary>An image and what it measures.</summary>
internal sealed record Image(string Path, EifMeasurements Measurements);
