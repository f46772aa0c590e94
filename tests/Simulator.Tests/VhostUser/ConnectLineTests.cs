using System.Text;
using Init.Simulator.VhostUser.Connections;

namespace Init.Simulator.Tests.VhostUser;

public sealed class ConnectLineTests
{
    [Theory]
    [InlineData("CONNECT 0\n", 0U)]
    [InlineData("CONNECT 5000\n", 5000U)]
    [InlineData("CONNECT 4294967295\n", uint.MaxValue)]
    public void A_line_names_a_port(string line, uint port)
    {
        Assert.True(ConnectLine.TryParse(Encoding.ASCII.GetBytes(line), out uint parsed));
        Assert.Equal(port, parsed);
        Assert.True(line.Length <= ConnectLine.MaxBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("CONNECT \n")]
    [InlineData("CONNECT 5000")]
    [InlineData("CONNECT 5000\r\n")]
    [InlineData("CONNECT  5000\n")]
    [InlineData("CONNECT +5000\n")]
    [InlineData("CONNECT -1\n")]
    [InlineData("CONNECT 4294967296\n")]
    [InlineData("CONNECT 5000 \n")]
    [InlineData("CONNECT 0x10\n")]
    [InlineData("connect 5000\n")]
    public void Anything_else_is_refused(string line) => Assert.False(ConnectLine.TryParse(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void The_answer_names_the_host_port() => Assert.Equal("OK 1073741824\n", Encoding.ASCII.GetString(ConnectLine.Accepted(1 << 30)));
}
