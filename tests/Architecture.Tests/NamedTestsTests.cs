namespace Init.Architecture.Tests;

/// <summary>A test that a document names is found only where it is.</summary>
public sealed class NamedTestsTests
{
    [Theory]
    [InlineData("ThreatModelTests.No_such_test")]
    [InlineData("ThreatModelTests.Exists")]
    [InlineData("NoSuchTests.Every_test_that_it_names_exists")]
    [InlineData("host_test.c: No_such_test")]
    [InlineData("host_test.c: cancel_later")]
    [InlineData("build.test.mjs: No such test")]
    [InlineData("words")]
    public void A_test_that_does_not_exist_is_found(string name) => Assert.False(NamedTests.Exists(name));
}
