using System.Globalization;

namespace Init.Enclave.Bench;

/// <summary>Enclave images booted in turn, the init in C among them: what a change of the image or of the program does to the boot.</summary>
internal static class ImageRace
{
    public static async Task RunAsync(IReadOnlyList<string> images, int boots)
    {
        string rawEcho = Images.OfRawEcho();
        string[] contestants = [rawEcho, .. images];
        var measured = contestants.ToDictionary(image => image, _ => new List<MeasuredBoot>());
        for (int boot = 0; boot < boots; boot++)
        {
            for (int turn = 0; turn < contestants.Length; turn++)
            {
                string image = contestants[(boot + turn) % contestants.Length];
                using Guest guest = Guest.Start(image);
                measured[image].Add(await (image == rawEcho ? MeasuredBoot.OfRawEchoAsync(guest) : MeasuredBoot.OfEnclaveAsync(guest)).ConfigureAwait(false));
            }

            Progress.Say($"boot {boot + 1} of {boots}");
        }

        Console.WriteLine("median (least): ms since QEMU's start; ms of QEMU's CPU time");
        foreach (string image in contestants)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(image)}, {new FileInfo(image).Length} bytes: first line {Show(measured[image], b => b.FirstProcess)}, "
                    + $"heartbeat {Show(measured[image], b => b.Heartbeat)}, ready {Show(measured[image], b => b.Ready)}, "
                    + $"waited for crs and prover {Series.Of(measured[image].Select(b => b.CrsWaitMs)).Median:F0}"));
        }
    }

    private static string Show(List<MeasuredBoot> boots, Func<MeasuredBoot, Moment> moment)
    {
        Series wall = Series.Of(boots.Select(b => moment(b).WallMs)), cpu = Series.Of(boots.Select(b => moment(b).CpuMs));
        return string.Create(CultureInfo.InvariantCulture, $"{wall.Median:F0} ({wall.Min:F0}); {cpu.Median:F0} ({cpu.Min:F0})");
    }
}
