using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Init.Testing;

namespace Init.Linux.Tests;

/// <summary>A C program that compares numbers of ours with what the system's headers say, and names each that differs.</summary>
internal static class HeaderProgram
{
    /// <summary>The classes of src/Linux/Headers.</summary>
    public static IReadOnlyList<Type> Classes { get; } =
        [.. typeof(FileDescriptor).Assembly.GetTypes().Where(t => t.Namespace == "Init.Linux.Headers" && !t.IsNested)];

    /// <summary>Our functions: the declarations, not what the generator made of them.</summary>
    public static IEnumerable<MethodInfo> Functions =>
        Classes.SelectMany(c => c.GetMethods(All)).Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute)) && !m.Name.StartsWith('<'));

    /// <summary>Every constant, size and offset of ours: a C expression, and what it must be.</summary>
    public static IReadOnlyList<(string Expression, long Value)> Facts { get; } = [.. Constants(), .. Structs(), .. Types()];

    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <summary>Compiles and runs the program; returns its lines, one for each fact that does not hold.</summary>
    public static string[] Run(string name, IEnumerable<(string Expression, long Value)> facts)
    {
        string folder = Places.Scratch(name);
        string source = Path.Combine(folder, "headers.c");
        string program = Path.Combine(folder, "headers");
        File.WriteAllText(source, Write(facts));
        (int compiled, string complaints) = Execute("cc", "-Wall", "-Werror", "-o", program, source);
        if (compiled != 0)
        {
            return [complaints];
        }

        (int exitCode, string output) = Execute(program);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return exitCode == 0 && lines is [.. string[] differences, "done"] ? differences : [$"ended with {exitCode}", .. lines];
    }

    private static string Write(IEnumerable<(string Expression, long Value)> facts)
    {
        var c = new StringBuilder(HeaderTable.Prelude).AppendLine();
        foreach (string header in HeaderTable.Includes.Values.SelectMany(h => h).Distinct())
        {
            c.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        foreach (string prototype in HeaderTable.Prototypes)
        {
            c.Append(CultureInfo.InvariantCulture, $"extern {prototype};\n");
        }

        c.Append("static void check(const char *name, long long c, long long ours)\n");
        c.Append("{\n    if (c != ours) printf(\"%s is %lld, not %lld\\n\", name, c, ours);\n}\n");
        c.Append("int main(void)\n{\n");
        foreach ((string expression, long value) in facts)
        {
            c.Append(CultureInfo.InvariantCulture, $"    check(\"{expression}\", (long long)({expression}), {value}LL);\n");
        }

        return c.Append("    puts(\"done\");\n    return 0;\n}\n").ToString();
    }

    private static IEnumerable<(string, long)> Constants()
    {
        IEnumerable<FieldInfo> fields = Classes.SelectMany(c => c.GetFields(All))
            .Concat(typeof(Errno).GetFields().Where(f => f.Name != nameof(Errno.None)))
            .Concat(typeof(Signal).GetFields().Where(f => f.Name != nameof(Signal.None)));
        IEnumerable<(string Name, FieldInfo Field)> named = fields.Select(f => (f.Name, f))
            .Concat(typeof(SystemCall).GetFields().Select(f => ($"SYS_{f.Name}", f)));
        return named.Where(f => f.Field.IsLiteral)
            .Select(f => (f.Name, Convert.ToInt64(f.Field.GetRawConstantValue(), CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<(string, long)> Structs()
    {
        foreach (Type type in Classes.SelectMany(c => c.GetNestedTypes(All)).Where(t => t.IsValueType))
        {
            bool isTypedef = HeaderTable.Typedefs.Contains(type.Name);
            if (type.IsDefined(typeof(InlineArrayAttribute)) && !isTypedef)
            {
                // The type of a field, whose size is checked there.
                continue;
            }

            string name = isTypedef ? type.Name : $"struct {type.Name}";
            yield return ($"sizeof({name})", Layout.SizeOf(type));
            foreach (FieldInfo field in type.GetFields(All).Where(f => !f.Name.StartsWith('_')))
            {
                yield return ($"offsetof({name}, {field.Name})", Layout.OffsetOf(field));
                yield return ($"sizeof((({name} *)0)->{field.Name})", Layout.SizeOf(field.FieldType));
            }
        }
    }

    private static IEnumerable<(string, long)> Types() => HeaderTable.Widths.Select(pair => ($"sizeof({pair.Key})", (long)pair.Value));

    private static (int ExitCode, string Output) Execute(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"start {program}");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
