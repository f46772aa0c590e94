namespace Init.Boot;

/// <summary>A boot stage found something that must not be.</summary>
/// <param name="message">Operation, object, cause.</param>
internal sealed class StageException(string message) : Exception(message);
