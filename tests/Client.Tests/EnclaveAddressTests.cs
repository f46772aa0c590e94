namespace Init.Client.Tests;

public sealed class EnclaveAddressTests
{
    [Theory]
    [InlineData("vsock:16:5000", "vsock:16:5000")]
    [InlineData("simulator:/run/v", "simulator:/run/v:5000")]
    [InlineData("simulator:out/v:7", "simulator:out/v:7")]
    [InlineData("unix:/run/s", "unix:/run/s")]
    public void An_address_is_read_and_shown(string text, string shown) => Assert.Equal(shown, EnclaveAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("vsock")]
    [InlineData("vsock:16")]
    [InlineData("vsock:16:-1")]
    [InlineData("vsock:4294967296:1")]
    [InlineData("vsock:16:5000:1")]
    [InlineData("simulator:")]
    [InlineData("simulator:/run/v:x")]
    [InlineData("unix:")]
    [InlineData("tcp:localhost:1")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.Equal(ClientError.InvalidAddress, Assert.Throws<ClientException>(() => EnclaveAddress.Parse(text)).Error);
}
