using Init.DevSrs;
using Init.Prover.Curve;

namespace Init.Prover.Tests.DevSrs;

/// <summary>That all 32,768 points are Barretenberg's is in <see cref="InsecureSrsTests"/>, since making them takes its time.</summary>
public sealed class GrumpkinSrsTests
{
    [Fact]
    public void Any_number_of_points_is_the_beginning_of_the_same_points_on_the_curve()
    {
        byte[] points = GrumpkinSrs.Make(600); // more than two pieces, and a part of one
        Assert.Equal(600 * 64, points.Length);
        for (int i = 0; i < 600; i++)
        {
            Assert.True(Grumpkin.IsOnCurve(points.AsSpan(i * 64, 32), points.AsSpan((i * 64) + 32, 32)));
        }

        Assert.Equal(600, points.Chunk(64).Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(points[..(257 * 64)], GrumpkinSrs.Make(257));
    }
}
