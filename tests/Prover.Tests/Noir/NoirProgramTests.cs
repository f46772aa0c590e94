using System.Text;
using Init.Prover.Noir;
using Init.Testing;

namespace Init.Prover.Tests.Noir;

public sealed class NoirProgramTests
{
    private static readonly byte[] Gzip = [0x1f, 0x8b, 8, 0, 1, 2, 3, 4];
    private static readonly string Base64Gzip = Convert.ToBase64String(Gzip);

    [Fact]
    public void The_bytecode_is_found_among_other_members() => Assert.Equal(
        Gzip,
        Extract($$"""{"noir_version":"1","abi":{"bytecode":"inner","x":[{"bytecode":1}]},"bytecode":"{{Base64Gzip}}","debug":null} """));

    [Fact]
    public void Gzip_is_returned_as_it_is() => Assert.Equal(Gzip, NoirProgram.ExtractBytecode(Gzip));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"bytecode\"")]
    [InlineData("""{"bytecode":1}""")]
    [InlineData("""{"bytecode":null}""")]
    [InlineData("""{"bytecode":{}}""")]
    [InlineData("""{"bytecode":["H4sIAAECAwQ="]}""")]
    [InlineData("""{"bytecode":""}""")]
    [InlineData("""{"bytecode":"AAAA"}""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ"}""")]
    [InlineData("""{"bytecode":"H4sIAAEC AwQ="}""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ=    "}""")]
    [InlineData("""{"bytecode":"H4sI\u0041AECAwQ="}""")]
    [InlineData("""{"bytecode":"H4sIAAE_AwQ="}""")]
    [InlineData("""{"abi":{"bytecode":"H4sIAAECAwQ="}}""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ="} x""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ="}{}""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ=",}""")]
    [InlineData("""{"bytecode":"H4sIAAECAwQ=" /* c */}""")]
    public void Anything_else_is_refused(string json) => Fails.With(ProverError.InvalidInput, () => Extract(json));

    [Theory]
    [InlineData("bytecode")]
    [InlineData("\\u0062ytecode")]
    public void A_second_bytecode_is_refused(string name)
    {
        ProverException e = Fails.With(
            ProverError.InvalidInput, () => Extract($$"""{"bytecode":"{{Base64Gzip}}","{{name}}":"{{Base64Gzip}}"}"""));
        Assert.Contains("two", e.Message);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_refused() =>
        Fails.With(ProverError.TooLarge, () => NoirProgram.ExtractBytecode(new byte[NoirProgram.MaxFileBytes + 1]));

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Fails.With(ProverError.InvalidInput, () => Extract($$"""{"a":{{new string('[', 100_000)}}"""));

    [Fact]
    public void A_mutated_file_is_read_or_refused()
    {
        var random = new Random(9);
        byte[] seed = Encoding.UTF8.GetBytes($$"""{"noir_version":"1.0","abi":{"p":[1,-2.5e3,true]},"bytecode":"{{Base64Gzip}}","n\u00e4":"ü"}""");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] json = [.. seed];
            for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
            {
                json[random.Next(json.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.NotEmpty(NoirProgram.ExtractBytecode(json));
            }
            catch (ProverException e)
            {
                Assert.Equal(ProverError.InvalidInput, e.Error);
            }
        }
    }

    [VectorsFact]
    public void What_Noir_writes_is_read()
    {
        foreach (string circuit in new[] { "tiny", "small", "medium", "large" })
        {
            byte[] bytecode = NoirProgram.ExtractBytecode(File.ReadAllBytes(Places.Vector($"circuits/{circuit}/prog.json")));
            Assert.Equal(File.ReadAllBytes(Places.Vector($"circuits/{circuit}/bytecode.gz")), bytecode);
        }
    }

    private static byte[] Extract(string json) => NoirProgram.ExtractBytecode(Encoding.UTF8.GetBytes(json));
}
