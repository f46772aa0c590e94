namespace Init.Testing;

/// <summary>
/// Goes through every sequence of choices that a piece of code can be given: run it once a sequence, asking
/// <see cref="Next"/> wherever it could go either way, until <see cref="MoveNext"/> says that all have been seen.
/// </summary>
/// <param name="depth">How many choices of a run are varied; those after get 0, the benign one.</param>
public sealed class Choices(int depth)
{
    private readonly List<(int Taken, int Options)> _path = [];
    private int _position;

    /// <summary>A choice from 0 to options - 1.</summary>
    public int Next(int options)
    {
        if (_position == _path.Count)
        {
            if (_position == depth)
            {
                return 0;
            }

            _path.Add((0, options));
        }

        return _path[_position++].Taken;
    }

    /// <summary>Goes to the next sequence, the one that differs latest. False when there is none.</summary>
    public bool MoveNext()
    {
        _position = 0;
        while (_path.Count > 0)
        {
            (int taken, int options) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (taken + 1 < options)
            {
                _path.Add((taken + 1, options));
                return true;
            }
        }

        return false;
    }
}
