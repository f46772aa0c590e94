namespace Init.Parent;

/// <summary>Writes beside a file first, so that what failed leaves what was there.</summary>
internal static class UnfinishedFile
{
    public static void Write(string path, Action<FileStream> write)
    {
        string unfinished = path + ".unfinished";
        try
        {
            using (FileStream target = new(unfinished, FileMode.Create, FileAccess.ReadWrite))
            {
                write(target);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
