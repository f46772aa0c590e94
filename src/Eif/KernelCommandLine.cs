namespace Init.Eif;

/// <summary>The kernel command line that an image gets when its builder names none, and what any may contain.</summary>
/// <remarks>
/// <para>It is AWS's, <c>reboot=k panic=30 pci=off nomodules console=ttyS0 i8042.noaux i8042.nomux i8042.nopnp i8042.dumbkbd
/// random.trust_cpu=on</c>, with three changes: <c>panic=-1</c>, <c>loglevel=0</c>, for the reasons at these words, and no
/// <c>nomodules</c>, which is no kernel parameter and would only reach PID 1's arguments.</para>
/// <para>The command line is measured in PCR0 and PCR1; what the hypervisor
/// appends (its virtio devices) is not. Words that the kernel does not know reach PID 1's arguments or its environment.</para>
/// </remarks>
public static class KernelCommandLine
{
    /// <summary>x86's COMMAND_LINE_SIZE is 2048 with the final zero, and the hypervisor appends its devices: half is left to it.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Every word of the default and why it is there (Linux, Documentation/admin-guide/kernel-parameters.txt).</summary>
    public static IReadOnlyList<(string Word, string Reason)> Words { get; } =
    [
        ("reboot=k", "Nitro ends an enclave that resets itself through the keyboard controller; there is no ACPI to ask."),
        ("panic=-1", "AWS has 30: a kernel that panicked stands still for 30 s. The parent should see the end at once and start anew."),
        ("loglevel=0", "Not in AWS's: nobody drains the console of a production enclave, and printk to a full port costs up to 10 ms a "
            + "character. At 0 a panic is silent too (console_verbose() keeps a level of 0), so it reboots at once. PID 1 writes its "
            + "own lines."),
        ("pci=off", "There is no bus to look for. A kernel without PCI hands the word to PID 1, which ignores it."),
        ("console=ttyS0", "Where PID 1's boot lines go, read by the parent in debug mode only."),
        ("i8042.noaux", "No mouse to look for: a kernel with the driver boots sooner, one without ignores words with a dot."),
        ("i8042.nomux", "No multiplexer to look for, as above."),
        ("i8042.nopnp", "No ACPI tables that describe the controller, as above."),
        ("i8042.dumbkbd", "No keyboard to talk to, as above."),
        ("random.trust_cpu=on", "The kernel's own secrets (KASLR, canaries) are made before PID 1 can credit the NSM's randomness; a CPU "
            + "that is not trusted could not be helped by anything else."),
    ];

    /// <summary>The default: <see cref="Words"/> in their order.</summary>
    public static string Default { get; } = string.Join(' ', Words.Select(w => w.Word));

    /// <summary>Refuses what a kernel would cut off or read differently than it looks.</summary>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>.</exception>
    internal static void Check(string commandLine)
    {
        if (commandLine.Length is 0 or > MaxBytes)
        {
            throw new EifException(
                EifError.InvalidInput, $"write image: a command line of {commandLine.Length} bytes; 1 to {MaxBytes} are allowed");
        }

        int bad = commandLine.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (bad >= 0)
        {
            throw new EifException(EifError.InvalidInput, $"write image: the command line's character {bad} is not printable ASCII");
        }

        if (commandLine.Contains('"', StringComparison.Ordinal))
        {
            throw new EifException(EifError.InvalidInput, "write image: the command line has a quotation mark, with which an enclave does not boot");
        }
    }
}
