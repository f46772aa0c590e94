using System.Security.Cryptography;
using System.Text;
using Init.Eif;
using Init.Simulator.Qemu;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.SystemTests;

/// <summary>Boots that must fail: one clear line, a record for the parent, and a reboot within ten seconds.</summary>
public sealed class BootFailureTests
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    [FailureMode(36, "The CRS is missing, short or wrong")]
    [GuestFact]
    public Task A_missing_crs() => AssertFails(Images.WithCrs("no-crs", crs: null), "crs", "bn254_g1.dat");

    [FailureMode(36, "The CRS is missing, short or wrong")]
    [GuestFact]
    public Task A_crs_that_is_cut_off()
    {
        string folder = CopyOfCrs("short");
        CutOff(folder, bytes: 1);
        return AssertFails(Images.WithUnpinnedCrs("short-crs", folder), "crs", "bn254_g1.dat");
    }

    [FailureMode(36, "The CRS is missing, short or wrong")]
    [GuestFact]
    public Task A_crs_with_a_point_less_than_the_pinned_one()
    {
        string folder = CopyOfCrs("point-less");
        string pinned = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "bn254_g1.dat"))));
        CutOff(folder, bytes: 64);
        return AssertFails(Images.WithCrs("point-less-crs", folder, "init.crs_sha256=" + pinned), "crs", "SHA-256");
    }

    [FailureMode(8, "Another random number generator, or none")]
    [GuestFact]
    public Task Another_random_number_generator() =>
        AssertFails(Images.WithFirstProcess("wrong-rng", "first_init.c", "-DWRONG_RNG"), "entropy", "virtio_rng.0");

    [FailureMode(2, "The image's layout is incomplete")]
    [GuestFact]
    public Task A_file_where_proc_should_be() =>
        AssertFails(Images.WithFirstProcess("no-folder", "first_init.c", "-DNO_FOLDER"), "filesystems", "/proc");

    [FailureMode(4, "No NSM, or one that does not answer")]
    [FailureMode(7, "PID 1 returns")]
    [GuestFact]
    public Task A_missing_nsm() => AssertFails(Images.Production, "nsm", "/dev/nsm", "-global", "virtio-nsm-device.absent=on");

    [FailureMode(4, "No NSM, or one that does not answer")]
    [GuestFact]
    public Task An_nsm_that_does_not_answer() => AssertFails(Images.Production, "nsm", "timeout", "-global", "virtio-nsm-device.mute-after=0");

    [FailureMode(3, "Unknown words reach PID 1")]
    [GuestFact]
    public Task A_setting_that_does_not_exist() =>
        AssertFails(Images.WithCrs("unknown-setting", Places.CeremonyCrs, "init.prot=5000"), "arguments", "init.prot");

    [GuestFact]
    public Task A_word_that_was_not_measured() =>
        AssertFails(Images.Production, "arguments", "nokaslr: the kernel was started with it", options => options with { Append = "nokaslr" });

    private static Task AssertFails(Image image, string stage, string cause, params string[] qemuArguments) =>
        AssertFails(image, stage, cause, options => options with { ExtraArguments = qemuArguments });

    private static async Task AssertFails(Image image, string stage, string cause, Func<QemuEnclaveOptions, QemuEnclaveOptions> change)
    {
        using BootedEnclave enclave = BootedEnclave.Start(image, change);
        ConsoleLine first = await enclave.Machine.Console!.WaitForLineAsync(
            line => line.StartsWith("[init] ", StringComparison.Ordinal), BootedEnclave.BootTimeout);
        QemuExit exit = await enclave.WaitForExitAsync(BootedEnclave.BootTimeout);

        Assert.Equal(0, exit.Code);
        Assert.InRange(exit.Ran - first.Since, TimeSpan.Zero, EndsWithin);
        ConsoleLine failed = Assert.Single(
            enclave.Machine.Console.Lines, line => line.Text.StartsWith("[init] failed: ", StringComparison.Ordinal));
        Assert.StartsWith("[init] failed: " + stage, failed.Text, StringComparison.Ordinal);
        Assert.Contains(cause, failed.Text, StringComparison.Ordinal);
        FailureReport report = await enclave.Machine.Failure.WaitAsync(TimeSpan.FromSeconds(1));
        Assert.Contains(cause, Encoding.UTF8.GetString(report.Bytes.Span), StringComparison.Ordinal);
    }

    private static void CutOff(string folder, int bytes)
    {
        using FileStream points = File.OpenWrite(Path.Combine(folder, "bn254_g1.dat"));
        points.SetLength(points.Length - bytes);
    }

    private static string CopyOfCrs(string name)
    {
        string folder = Places.Scratch("crs-" + name);
        foreach (string file in Directory.EnumerateFiles(Places.CeremonyCrs, "*.dat"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
