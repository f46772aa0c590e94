namespace Init.Init.Tests.Boot;

/// <summary>A fake machine has come to its end.</summary>
internal sealed class MachineEndedException : Exception;
