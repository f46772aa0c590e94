using Init.Simulator.VhostUser.Connections;

namespace Init.Simulator.Tests.VhostUser;

public sealed class CreditAccountTests
{
    [Fact]
    public void Nothing_may_be_sent_before_the_guest_has_granted_something() => Assert.Equal(0U, default(CreditAccount).Sendable);

    [Fact]
    public void What_is_under_way_is_taken_off_the_credit_until_the_guest_has_taken_it()
    {
        CreditAccount credit = default;
        credit.GuestSays(1000, 0);
        credit.Sent(600);
        Assert.Equal(400U, credit.Sendable);
        credit.GuestSays(1000, 500);
        Assert.Equal(900U, credit.Sendable);
    }

    [Theory]
    [InlineData(0U, 700U)]
    [InlineData(1000U, uint.MaxValue)]
    [InlineData(uint.MaxValue, 601U)]
    public void A_guest_that_lies_about_what_it_has_taken_gets_no_more_than_its_buffer(uint buffer, uint taken)
    {
        CreditAccount credit = default;
        credit.GuestSays(1000, 0);
        credit.Sent(600);
        credit.GuestSays(buffer, taken);
        Assert.True(credit.Sendable <= buffer);
    }

    [Fact]
    public void A_buffer_that_shrinks_below_what_is_under_way_gives_nothing()
    {
        CreditAccount credit = default;
        credit.GuestSays(1000, 0);
        credit.Sent(600);
        credit.GuestSays(500, 0);
        Assert.Equal(0U, credit.Sendable);
    }

    [Fact]
    public void Counters_wrap_at_32_bits()
    {
        CreditAccount credit = default;
        for (int i = 0; i < 5; i++)
        {
            credit.GuestSays(1U << 30, unchecked((uint)i << 30));
            Assert.Equal(1U << 30, credit.Sendable);
            credit.Sent(1 << 30);
            Assert.Equal(0U, credit.Sendable);
        }
    }

    [Fact]
    public void More_than_was_granted_is_refused()
    {
        CreditAccount credit = default;
        Assert.True(credit.TryReceive(CreditAccount.BufferBytes));
        Assert.False(credit.TryReceive(1));
        credit.Forwarded(10);
        Assert.True(credit.TryReceive(10));
        Assert.False(credit.TryReceive(1));
        Assert.False(credit.TryReceive(uint.MaxValue));
    }

    [Fact]
    public void The_guest_is_told_after_a_quarter_of_the_buffer()
    {
        CreditAccount credit = default;
        credit.TryReceive(CreditAccount.BufferBytes);
        credit.Forwarded((int)(CreditAccount.BufferBytes / 4) - 1);
        Assert.False(credit.IsUpdateDue);
        credit.Forwarded(1);
        Assert.True(credit.IsUpdateDue);
        Assert.Equal(CreditAccount.BufferBytes / 4, credit.Tell());
        Assert.False(credit.IsUpdateDue);
    }
}
