namespace Init.Wire.Tests;

/// <summary>Inputs for a target: things that are nearly right.</summary>
internal static class FuzzInput
{
    public static byte[] Next(string target, Random random)
    {
        byte[] input = Whole(target, random);
        for (int left = random.Next(4); left > 0; left--)
        {
            input = RandomCbor.Mutate(input, random);
        }

        return target == "frames" ? Framed(input, random) : input;
    }

    private static byte[] Whole(string target, Random random)
    {
        if (random.Next(8) == 0)
        {
            byte[] noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            return noise;
        }

        Sample sample = new(random.Next());
        return target switch
        {
            "request" => RequestCodec.Encode(sample.Request()),
            "reply" => ReplyCodec.Encode(sample.Reply()),
            "error" => ReplyCodec.Encode(sample.Error()),
            "progress" => ReplyCodec.Encode(sample.Progress()),
            "sealed progress" => ReplyCodec.Encode(sample.SealedProgress()),
            "statement" => sample.Statement().Encode(),
            "frames" => FrameBytes.Of((ulong)random.NextInt64(1, 400), (FrameKind)random.Next(4), random.Next(2) == 0, new byte[random.Next(1, 300)])[8..],
            _ => RandomCbor.Document(random, isDeterministic: target == "deterministic"),
        };
    }

    // Mostly a right length and checksum, so that what is inside is reached; then perhaps another frame, perhaps only its start.
    private static byte[] Framed(byte[] body, Random random)
    {
        byte[] frame = FrameBytes.Around(body.Length == 0 ? [0] : body);
        if (random.Next(8) == 0)
        {
            frame = RandomCbor.Mutate(frame, random);
        }

        return random.Next(3) switch
        {
            0 => frame,
            1 => [.. FrameBytes.Of(1, FrameKind.Request, more: true, [1]), .. frame],
            _ => frame[..random.Next(frame.Length + 1)],
        };
    }
}
