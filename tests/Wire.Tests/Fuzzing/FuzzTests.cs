using System.Globalization;
using Xunit.Abstractions;

namespace Init.Wire.Tests;

/// <summary>Whatever comes in, a value or this room's exception comes out, and little is allocated on the way.</summary>
/// <remarks>
/// INIT_FUZZ_SECONDS says how long (10 where it is not set: tens of thousands of inputs), INIT_FUZZ_SEED where to begin. An input that breaks something is
/// shown as a line for corpus.txt, which is run first, always.
/// </remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int MinimumInputs = 2_000;

    [Fact]
    public void Random_inputs_give_a_value_or_this_room_s_exception()
    {
        TimeSpan allowed = TimeSpan.FromSeconds(Setting("INIT_FUZZ_SECONDS", 10));
        int seed = Setting("INIT_FUZZ_SEED", 1);
        long start = TimeProvider.System.GetTimestamp();
        int inputs = 0;
        int accepted = 0;
        for (; inputs < MinimumInputs || TimeProvider.System.GetElapsedTime(start) < allowed; inputs++)
        {
            FuzzTarget target = FuzzTarget.All[inputs % FuzzTarget.All.Count];
            accepted += Run(target, FuzzInput.Next(target.Name, new Random(unchecked(seed + inputs)))) ? 1 : 0;
        }

        output.WriteLine($"{inputs} inputs, {accepted} accepted");
        Assert.True(accepted > inputs / 20 && accepted < inputs / 2, $"{accepted} of {inputs} inputs were accepted");
    }

    [Fact]
    public void What_once_broke_something_no_longer_does()
    {
        foreach (string[] line in Resource.Lines("corpus.txt").Select(line => line.Split(": ")))
        {
            Run(FuzzTarget.All.Single(target => target.Name == line[0]), Convert.FromHexString(line[1]));
        }
    }

    private static bool Run(FuzzTarget target, byte[] input)
    {
        string line = $"{target.Name}: {Convert.ToHexStringLower(input)}";
        try
        {
            // Measured again if it is much: the first call of anything allocates what the runtime needs.
            (bool isAccepted, long allocatedBytes) = Parse(target, input);
            long limit = (64 * 1024) + (8L * input.Length);
            Assert.True(allocatedBytes <= limit || Parse(target, input).AllocatedBytes <= limit, $"{allocatedBytes} bytes allocated");
            if (isAccepted)
            {
                target.CheckAccepted(input);
            }

            return isAccepted;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(line, failure);
        }
    }

    private static (bool IsAccepted, long AllocatedBytes) Parse(FuzzTarget target, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAccepted = true;
        try
        {
            target.Parse(input);
        }
        catch (WireException)
        {
            isAccepted = false;
        }

        return (isAccepted, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is string text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
