using System.Xml.Linq;

namespace Init.Architecture.Tests;

public sealed class ProjectTests
{
    private const string EnclaveProject =
        "<Project><PropertyGroup><TargetFramework>$(EnclaveTargetFramework)</TargetFramework>{0}</PropertyGroup><ItemGroup>{1}</ItemGroup></Project>";

    [Fact]
    public void No_project_references_a_room_it_may_not()
    {
        IEnumerable<string> violations = Repository.SourceProjects().SelectMany(file =>
            ProjectRules.Violations(Path.GetRelativePath(Repository.Source, file).Replace('\\', '/'), File.ReadAllText(file)));
        Assert.Empty(violations);
    }

    [Fact]
    public void The_table_has_no_cycle_and_names_only_rooms()
    {
        HashSet<string> seen = [];
        List<Room> left = [.. Room.All];
        while (left.Count > 0)
        {
            Assert.NotEqual(0, left.RemoveAll(r => r.MayUse.All(seen.Contains) && seen.Add(r.Name)));
        }
    }

    [Fact]
    public void An_enclave_room_uses_only_enclave_rooms()
    {
        HashSet<string> enclave = [.. Room.All.Where(r => r.IsInEnclave).Select(r => r.Name)];
        Assert.All(Room.All.Where(r => r.IsInEnclave), r => Assert.Subset(enclave, r.MayUse.ToHashSet()));
    }

    [Theory]
    [InlineData("Wire", """<ProjectReference Include="../Linux/Linux.csproj" />""")]
    [InlineData("Prover", """<ProjectReference Include="..\Wire\Wire.csproj" />""")]
    [InlineData("Init", """<ProjectReference Include="../Parent/Parent.csproj" />""")]
    [InlineData("Prover", """<ProjectReference Include="../../tests/DevSrs/DevSrs.csproj" />""")]
    public void A_reference_to_a_room_that_may_not_be_used_is_found(string name, string reference)
    {
        string project = EnclaveProject.Replace("{0}", "").Replace("{1}", reference);
        Assert.Contains("which it may not", Assert.Single(ProjectRules.Violations($"{name}/{name}.csproj", project)));
    }

    [Fact]
    public void A_project_that_is_no_room_is_found() =>
        Assert.Single(ProjectRules.Violations("Helpers/Helpers.csproj", "<Project />"));

    [Theory]
    [InlineData("", """<PackageReference Include="Newtonsoft.Json" />""")]
    [InlineData("", """<Reference Include="Mystery" />""")]
    [InlineData("<NoWarn>RS0030</NoWarn>", "")]
    [InlineData("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>", "")]
    public void An_enclave_project_that_takes_liberties_is_found(string property, string item) =>
        Assert.Single(ProjectRules.Violations("Wire/Wire.csproj", EnclaveProject.Replace("{0}", property).Replace("{1}", item)));

    [Fact]
    public void An_enclave_project_with_another_target_is_found() =>
        Assert.Single(ProjectRules.Violations(
            "Wire/Wire.csproj", "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"));

    [Fact]
    public void An_allowed_reference_is_not_found() =>
        Assert.Empty(ProjectRules.Violations(
            "Nsm/Nsm.csproj", EnclaveProject.Replace("{0}", "").Replace("{1}", """<ProjectReference Include="../Wire/Wire.csproj" />""")));

    [Fact]
    public void The_build_treats_the_rooms_of_the_table_as_enclave_rooms()
    {
        XDocument props = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        string[] listed = props.Descendants("EnclaveRooms").Single().Value.Split(';', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Room.All.Where(r => r.IsInEnclave).Select(r => r.Name).Order(), listed.Order());
    }
}
