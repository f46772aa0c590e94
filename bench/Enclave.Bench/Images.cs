using System.Globalization;
using Init.Eif;

namespace Init.Enclave.Bench;

/// <summary>The images that take part, built by <c>enclave image build</c> as a user would.</summary>
internal static class Images
{
    private const string RawEchoSource = "tests/guest/raw_echo.c";

    private static readonly string Folder = Directory.CreateDirectory(Below("out/bench/images")).FullName;

    public static string Kernel => Below("out/kernel/bzImage");

    public static string Init => Below("out/bin/init");

    /// <summary>The enclave's program with a reference string; without one where <paramref name="crs"/> is null.</summary>
    public static string OfEnclave(string name, string init, string? crs) => Build(name, init, crs);

    /// <summary>The same with more words on the kernel's command line: PID 1 refuses any that was not measured.</summary>
    public static string OfEnclave(string name, string init, string crs, string words) =>
        Build(name, init, crs, "--cmdline", $"{KernelCommandLine.Default} {words}");

    /// <summary>The init in C: sends the heartbeat, echoes messages.</summary>
    public static string OfRawEcho()
    {
        string program = Path.Combine(Folder, "raw_echo");
        Checkout.Output("gcc", "-static", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", Below(RawEchoSource), "-o", program);
        return Build("raw_echo", program, crs: null);
    }

    /// <summary>The ceremony's first points.</summary>
    public static string VectorsCrs()
    {
        string folder = Path.Combine(Environment.GetEnvironmentVariable("INIT_VECTORS") ?? Below("../shared/vectors"), "crs");
        return Directory.Exists(folder) ? folder : throw new BenchException(string.Create(CultureInfo.InvariantCulture, $"find the points: no folder {folder}"));
    }

    public static string Below(string path) => Path.Combine(Checkout.Root, path);

    private static string Build(string name, string init, string? crs, params string[] more)
    {
        string image = Path.Combine(Folder, name + ".eif");
        string[] points = crs is null ? [] : ["--crs", crs];
        Checkout.Output([Below("out/bin/enclave"), "image", "build", "--kernel", Kernel, "--init", init, "-o", image, "--ramdisk", "lz4", .. points, .. more]);
        return image;
    }
}
