using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>On a thread with a mount namespace of its own, so that nothing of it is seen outside.</summary>
public sealed class MountTests
{
    [RootFact]
    public void A_mount_is_made_found_taken_and_undone() => InOwnNamespace(() =>
    {
        string target = Places.Scratch("mount");
        Assert.True(FileSystem.Mount("tmpfs", target, "tmpfs", MountOptions.NoSetUserId | MountOptions.NoDevices, "size=64k,mode=0700"));
        string line = Assert.Single(File.ReadAllLines("/proc/thread-self/mounts"), l => l.Split(' ')[1] == target);
        Assert.Equal("tmpfs", line.Split(' ')[2]);
        string[] options = line.Split(' ')[3].Split(',');
        Assert.Subset(options.ToHashSet(), new HashSet<string> { "nosuid", "nodev", "size=64k", "mode=700" });
        FileSystem.Unmount(target);
        Assert.DoesNotContain(File.ReadAllLines("/proc/thread-self/mounts"), l => l.Split(' ')[1] == target);
    });

    [FailureMode(1, "/dev is mounted already")]
    [RootFact]
    public void A_target_that_is_taken_is_told_from_a_failure() => InOwnNamespace(() =>
    {
        // A file system of one instance, mounted twice at one place, as devtmpfs and sysfs are under another init.
        string target = Places.Scratch("mount-twice");
        Assert.True(FileSystem.Mount("sysfs", target, "sysfs"));
        Assert.False(FileSystem.Mount("sysfs", target, "sysfs"));
        FileSystem.Unmount(target);
        Assert.Equal(
            $"mount {target}/nowhere: ENOENT",
            Assert.Throws<LinuxException>(() => FileSystem.Mount("sysfs", target + "/nowhere", "sysfs")).Message);
        Assert.Equal($"mount {target}: ENODEV", Assert.Throws<LinuxException>(() => FileSystem.Mount("none", target, "nosuchfs")).Message);
    });

    [RootFact]
    public void A_second_proc_is_mounted_over_the_first() => InOwnNamespace(() =>
    {
        string target = Places.Scratch("mount-proc");
        Assert.True(FileSystem.Mount("proc", target, "proc"));
        Assert.True(FileSystem.Mount("proc", target, "proc"));
    });

    private static void InOwnNamespace(Action action) => Native.OnOwnThread(() =>
    {
        Assert.Equal(0, Native.unshare(Native.CLONE_NEWNS));
        Assert.True(FileSystem.Mount("none", "/", "none", MountOptions.Private | MountOptions.Recursive));
        action();
    });
}
