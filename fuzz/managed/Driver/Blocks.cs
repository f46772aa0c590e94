using System.Collections.Concurrent;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Init.Fuzz.Driver;

/// <summary>
/// Coverage as a part of a whole: blocks of the code that a target is about, and those of them that inputs reach. A block is what SharpFuzz
/// counts: the beginning of a method, where a branch goes, a handler of exceptions.
/// </summary>
/// <remarks>Needs assemblies in which each block also calls back (scripts/build-managed.mjs): the map that libFuzzer sees cannot tell blocks apart.</remarks>
internal sealed class Blocks
{
    private const byte Ldsfld = 0x7e; // ECMA-335, III.4.14; the field's token follows
    private const string MethodSeparator = "::";

    private readonly ConcurrentDictionary<(int Id, string Method), bool> _reached = new();

    /// <summary>Counts from now on, on every thread.</summary>
    public unsafe void Listen()
    {
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(LibFuzzer.CoverageBytes); // written to, and not looked at
        Trace.OnBranch = (id, method) => _reached.TryAdd((id, method), true);
    }

    /// <summary>For each type, nested ones with it: its name, the blocks that were reached, all that it has.</summary>
    public IEnumerable<(string Type, int Reached, int Total)> Of(IReadOnlyList<Type> types)
    {
        ILookup<string, (int, string)> reached = _reached.Keys.ToLookup(block => TypeOf(block.Method));
        foreach (Type type in types)
        {
            int total = CountAll(type);
            yield return total > 0
                ? (type.FullName!, reached[type.FullName!].Count(), total)
                : throw new InvalidOperationException($"{type.FullName}: not instrumented");
        }
    }

    // "System.Int32 Init.Wire.FrameReader/Nested::LengthOf(System.ReadOnlySpan`1<System.Byte>)": the outermost type.
    private static string TypeOf(string method)
    {
        string before = method[..method.IndexOf(MethodSeparator, StringComparison.Ordinal)];
        return before[(before.LastIndexOf(' ') + 1)..].Split('/')[0];
    }

    private static int CountAll(Type type)
    {
        using PEReader file = new(File.OpenRead(type.Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        if (CounterField(metadata) is not int token)
        {
            return 0;
        }

        byte[] load = [Ldsfld, .. BitConverter.GetBytes(token)];
        return WithNested(metadata, (TypeDefinitionHandle)MetadataTokens.Handle(type.MetadataToken))
            .SelectMany(handle => metadata.GetTypeDefinition(handle).GetMethods())
            .Select(handle => metadata.GetMethodDefinition(handle).RelativeVirtualAddress)
            .Where(address => address != 0)
            .Sum(address => file.GetMethodBody(address).GetILContent().AsSpan().Count(load));
    }

    // Each block loads the map's address once.
    private static int? CounterField(MetadataReader metadata) => metadata.MemberReferences
        .Where(handle => metadata.GetString(metadata.GetMemberReference(handle).Name) == nameof(Trace.SharedMem))
        .Select(handle => (int?)MetadataTokens.GetToken(handle))
        .SingleOrDefault();

    private static IEnumerable<TypeDefinitionHandle> WithNested(MetadataReader metadata, TypeDefinitionHandle handle) =>
        metadata.GetTypeDefinition(handle).GetNestedTypes().SelectMany(nested => WithNested(metadata, nested)).Prepend(handle);
}
