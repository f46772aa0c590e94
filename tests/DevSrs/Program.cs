using System.Diagnostics;
using System.Globalization;

namespace Init.DevSrs;

/// <summary>Makes a folder of reference strings for tests and benchmarks: BN254's INSECURE one, and Grumpkin's, which has no secret.</summary>
internal static class Program
{
    // Enough for a circuit of 2^18 gates, with room for what the prover adds.
    private const int DefaultPoints = (1 << 18) + 64;

    private const string Usage = "usage: Init.DevSrs <folder> [--points <count>] [--if-missing]";

    /// <summary>0: written, or there already. 1: failed. 2: wrong use.</summary>
    public static int Main(string[] args)
    {
        if (!TryParse(args, out string folder, out int points, out bool ifMissing))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            MakeBn254(folder, points, ifMissing);
            MakeGrumpkin(folder, ifMissing);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"dev-srs: error: write {folder}: {e.Message}");
            return 1;
        }
    }

    private static void MakeBn254(string folder, int points, bool ifMissing)
    {
        if (ifMissing && InsecureSrs.IsPresent(folder, points))
        {
            Console.WriteLine($"dev SRS (INSECURE): {folder} has at least {points} points already");
            return;
        }

        var watch = Stopwatch.StartNew();
        InsecureSrs.Write(folder, points, done => Console.Error.WriteLine($"dev SRS (INSECURE): {done} of {points} points"));
        Console.WriteLine($"dev SRS (INSECURE): {points} points in {watch.Elapsed.TotalSeconds:F1} s, {folder}");
    }

    private static void MakeGrumpkin(string folder, bool ifMissing)
    {
        if (ifMissing && GrumpkinSrs.IsPresent(folder))
        {
            Console.WriteLine($"Grumpkin SRS: {folder} has {GrumpkinSrs.Points} points already");
            return;
        }

        var watch = Stopwatch.StartNew();
        GrumpkinSrs.Write(folder);
        Console.WriteLine($"Grumpkin SRS: {GrumpkinSrs.Points} points in {watch.Elapsed.TotalSeconds:F1} s, {folder}");
    }

    private static bool TryParse(string[] args, out string folder, out int points, out bool ifMissing)
    {
        folder = "";
        points = DefaultPoints;
        ifMissing = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--if-missing":
                    ifMissing = true;
                    break;
                case "--points" when i + 1 < args.Length
                    && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out points)
                    && points is >= 2 and <= 1 << 24:
                    i++;
                    break;
                case { Length: > 0 } name when folder.Length == 0 && name[0] != '-':
                    folder = name;
                    break;
                default:
                    return false;
            }
        }

        return folder.Length > 0;
    }
}
