using System.Reflection;

namespace Init.Linux.Tests;

public sealed class HeaderTests
{
    [Fact]
    public void Every_constant_size_and_offset_is_what_the_systems_headers_say() =>
        Assert.Equal("", string.Join('\n', HeaderProgram.Run("headers", HeaderProgram.Facts)));

    [Fact]
    public void A_constant_that_is_wrong_or_unknown_to_C_is_found()
    {
        Assert.Equal(["AF_VSOCK is 40, not 41"], HeaderProgram.Run("headers-wrong", [("AF_VSOCK", 41)]));
        Assert.Contains("AF_NOSUCH", Assert.Single(HeaderProgram.Run("headers-unknown", [("AF_NOSUCH", 1)])));
    }

    [Fact]
    public void Every_class_of_headers_has_its_C_headers_and_the_other_way_round() =>
        Assert.Equal(HeaderTable.Includes.Keys.Order(), HeaderProgram.Classes.Select(c => c.Name).Order());

    [Fact]
    public void There_are_as_many_facts_as_there_must_be()
    {
        // Errno alone has 131; a reflection that finds nothing would pass everything.
        Assert.True(HeaderProgram.Facts.Count > 400, $"{HeaderProgram.Facts.Count} facts");
        Assert.Contains(("offsetof(struct sockaddr_vm, svm_cid)", 8), HeaderProgram.Facts);
        Assert.Contains(("sizeof(struct epoll_event)", 12), HeaderProgram.Facts);
        Assert.Contains(("sizeof(struct nsm_raw)", 32), HeaderProgram.Facts);
        Assert.Contains(("sizeof(((struct sockaddr_un *)0)->sun_path)", 108), HeaderProgram.Facts);
    }

    [Fact]
    public void Every_function_is_declared_as_in_C()
    {
        Dictionary<string, string> prototypes = HeaderTable.Prototypes.ToDictionary(p => p[..p.IndexOf('(', StringComparison.Ordinal)].Split(' ', '*')[^1]);
        MethodInfo[] functions = [.. HeaderProgram.Functions];
        Assert.Equal(prototypes.Keys.Order(), functions.Select(f => f.Name).Distinct().Order());
        Assert.All(functions, function => Assert.Equal(CWidths(prototypes[function.Name]), OurWidths(function, prototypes[function.Name])));
    }

    [Fact]
    public void The_public_event_is_the_kernels_and_nothing_else() =>
        Assert.Equal(12, Layout.SizeOf(typeof(EpollEvent)));

    // "ssize_t read(int, void *, size_t)" is [8, 4, 8, 8]; void is 0 wide, and no argument.
    private static int[] CWidths(string prototype)
    {
        int open = prototype.IndexOf('(', StringComparison.Ordinal);
        string head = prototype[..open];
        string result = head.Contains('*', StringComparison.Ordinal) ? "*" : head[..head.LastIndexOf(' ')];
        IEnumerable<string> arguments = prototype[(open + 1)..^1].Split(", ").Where(a => a is not ("..." or "void"));
        return [.. arguments.Prepend(result).Select(CWidth)];
    }

    private static int CWidth(string type) => type switch
    {
        "void" => 0,
        _ when type.Contains('*', StringComparison.Ordinal) || type.Contains('[', StringComparison.Ordinal) => 8,
        _ => HeaderTable.Widths[type],
    };

    // What C takes after "..." has no declared width: the first ones only, as many as C names.
    private static int[] OurWidths(MethodInfo function, string prototype)
    {
        IEnumerable<int> widths = function.GetParameters()
            .Select(p => p.ParameterType == typeof(FileDescriptor) ? sizeof(int) : Layout.SizeOf(p.ParameterType))
            .Prepend(function.ReturnType == typeof(void) ? 0 : Layout.SizeOf(function.ReturnType));
        return prototype.EndsWith("...)", StringComparison.Ordinal) ? [.. widths.Take(CWidths(prototype).Length)] : [.. widths];
    }
}
