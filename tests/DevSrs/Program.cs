using System.Diagnostics;
using System.Globalization;

namespace Init.DevSrs;

/// <summary>Makes the INSECURE reference string for tests and benchmarks.</summary>
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
            if (ifMissing && InsecureSrs.IsPresent(folder, points))
            {
                Console.WriteLine($"dev SRS (INSECURE): {folder} has at least {points} points already");
                return 0;
            }

            var watch = Stopwatch.StartNew();
            InsecureSrs.Write(folder, points, done => Console.Error.WriteLine($"dev SRS (INSECURE): {done} of {points} points"));
            Console.WriteLine($"dev SRS (INSECURE): {points} points in {watch.Elapsed.TotalSeconds:F1} s, {folder}");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"dev-srs: error: write {folder}: {e.Message}");
            return 1;
        }
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
