using Init.Simulator.VhostUser.Connections;

namespace Init.Simulator.Tests.VhostUser;

public sealed class HeldBytesTests
{
    private const int Capacity = (int)CreditAccount.BufferBytes;

    [Fact]
    public void Bytes_come_out_in_the_order_in_which_they_went_in_wherever_the_ring_wraps()
    {
        HeldBytes.BufferPool pool = new();
        HeldBytes held = default;
        Random random = new(1);
        Queue<byte> model = new();
        for (int step = 0; step < 400; step++)
        {
            byte[] added = new byte[random.Next(Capacity - held.Count + 1)];
            random.NextBytes(added);
            held.Append(added, pool);
            Array.ForEach(added, model.Enqueue);
            for (int taken = random.Next(held.Count + 1); taken > 0;)
            {
                ReadOnlySpan<byte> front = held.Front[..Math.Min(taken, held.Front.Length)];
                foreach (byte value in front)
                {
                    Assert.Equal(model.Dequeue(), value);
                }

                taken -= front.Length;
                held.Consume(front.Length, pool);
            }

            Assert.Equal(model.Count, held.Count);
        }
    }

    [Fact]
    public void An_empty_one_has_no_memory()
    {
        HeldBytes.BufferPool pool = new();
        HeldBytes held = default;
        held.Append([], pool);
        held.Append([1, 2, 3], pool);
        byte[] ring = GC.AllocateUninitializedArray<byte>(0);
        held.Consume(3, pool);
        ring = pool.Rent();
        Assert.NotSame(ring, pool.Rent());
        Assert.True(held.Front.IsEmpty);
    }
}
