using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

public sealed class QemuLocationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_variable_comes_first_and_nothing_else_is_tried()
    {
        string named = Make("named/bin");
        Assert.Equal(named, QemuLocation.Find(Environment(named, Make("path/bin")), [], _ => true).Program);
        SimulatorException refused = Assert.Throws<SimulatorException>(
            () => QemuLocation.Find(Environment(named, Make("path/bin")), [], program => program != named));
        Assert.Equal(SimulatorError.QemuMissing, refused.Error);
        Assert.Contains(named, refused.Message);
    }

    [Fact]
    public void A_QEMU_on_PATH_that_lacks_the_machine_is_passed_over()
    {
        string debian = Make("usr/bin"), built = Make("out/qemu/bin");
        Assert.Equal(debian, QemuLocation.Find(Environment(null, debian), [built], _ => true).Program);
        Assert.Equal(built, QemuLocation.Find(Environment(null, debian), [built], program => program == built).Program);
    }

    [Fact]
    public void Without_any_the_error_says_where_it_looked()
    {
        SimulatorException missing = Assert.Throws<SimulatorException>(() => QemuLocation.Find(_ => null, ["/nowhere/qemu"], _ => true));
        Assert.Equal(SimulatorError.QemuMissing, missing.Error);
        Assert.Contains("out/qemu", missing.Message);
    }

    [Fact]
    public void Firmware_beside_the_program_is_found()
    {
        string program = Make("out/qemu/bin");
        Assert.Null(QemuLocation.Find(Environment(program, null), [], _ => true).Firmware);
        string firmware = _folder.CreateSubdirectory("out/qemu/share/qemu").FullName;
        Assert.Equal(firmware, QemuLocation.Find(Environment(program, null), [], _ => true).Firmware);
    }

    private static Func<string, string?> Environment(string? variable, string? onPath) => name => name switch
    {
        QemuLocation.Variable => variable,
        "PATH" => onPath is null ? null : $"/nowhere:{Path.GetDirectoryName(onPath)}",
        _ => null,
    };

    private string Make(string folder)
    {
        string program = Path.Combine(_folder.CreateSubdirectory(folder).FullName, "qemu-system-x86_64");
        File.WriteAllText(program, "");
        return program;
    }
}
