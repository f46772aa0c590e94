namespace Init.Parent;

/// <summary>Writes beside a file first, so that what failed or was interrupted leaves what was there, and nothing else.</summary>
/// <remarks>Threads: any; <see cref="Abandon"/> may come while another thread writes, which then fails.</remarks>
internal static class UnfinishedFile
{
    private const string Suffix = ".unfinished";

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Begun = [];
    private static bool _isAbandoned;

    public static void Write(string path, Action<FileStream> write)
    {
        if (IsDevice(path))
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        string unfinished = path + Suffix;
        try
        {
            using (FileStream target = Begin(unfinished))
            {
                write(target);
            }

            lock (Gate)
            {
                ThrowIfAbandoned();
                File.Move(unfinished, path, overwrite: true);
            }
        }
        finally
        {
            Forget(unfinished);
        }
    }

    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, target => target.Write(bytes.Span));

    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Gives a file to write that is gone afterwards, however this ends.</summary>
    public static void WithTemporary(string path, Action<FileStream> use)
    {
        try
        {
            using FileStream temporary = Begin(path);
            use(temporary);
        }
        finally
        {
            Forget(path);
        }
    }

    /// <summary>The process ends: what is not finished is deleted, and nothing is begun or finished any more.</summary>
    public static void Abandon()
    {
        lock (Gate)
        {
            _isAbandoned = true;
            foreach (string path in Begun)
            {
                File.Delete(path);
            }
        }
    }

    private static FileStream Begin(string path)
    {
        lock (Gate)
        {
            ThrowIfAbandoned();
            FileStream file = new(path, FileMode.Create, FileAccess.ReadWrite);
            Begun.Add(path);
            return file;
        }
    }

    private static void Forget(string path)
    {
        lock (Gate)
        {
            if (Begun.Remove(path))
            {
                File.Delete(path);
            }
        }
    }

    private static void ThrowIfAbandoned()
    {
        if (_isAbandoned)
        {
            throw new OperationCanceledException();
        }
    }

    // Such as /dev/stdout: nothing can stand beside it, and it is not replaced.
    private static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
}
