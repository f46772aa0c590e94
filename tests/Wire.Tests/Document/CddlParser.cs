using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Init.Wire.Tests;

/// <summary>Reads the specification's CDDL.</summary>
internal sealed partial class CddlParser
{
    private readonly string[] _tokens;
    private int _position;

    private CddlParser(string text)
    {
        string bare = Comment().Replace(text, "");
        _tokens = [.. Token().Matches(bare).Select(match => match.Value)];
        Assert.Equal("", Token().Replace(bare, "").Trim());
    }

    private string Next => _position < _tokens.Length ? _tokens[_position] : "";

    public static Cddl Parse(string text)
    {
        CddlParser parser = new(text);
        Dictionary<string, object> rules = [];
        while (parser.Next.Length > 0)
        {
            string name = parser.Take();
            parser.Expect("=");
            rules.Add(name, parser.Next == "(" ? parser.InnerGroup("(", ")") : parser.Type());
        }

        return new Cddl(rules);
    }

    private CddlType Type()
    {
        List<CddlType> types = [Single()];
        while (TryTake("/"))
        {
            types.Add(Single());
        }

        return types.Count == 1 ? types[0] : new CddlType.Choice(types);
    }

    private CddlType Single()
    {
        switch (Next)
        {
            case "[":
                return new CddlType.ArrayOf(InnerGroup("[", "]"));
            case "{":
                return new CddlType.MapOf(InnerGroup("{", "}"));
            case "uint" or "bstr" or "tstr" or "bool" or "null":
                return Primitive();
            case string number when char.IsDigit(number[^1]) && (char.IsDigit(number[0]) || number[0] == '-'):
                (BigInteger min, BigInteger max) = Range(Take());
                return new CddlType.Range(min, max);
            default:
                return new CddlType.Reference(Take());
        }
    }

    private CddlType.Primitive Primitive()
    {
        string name = Take();
        (BigInteger min, BigInteger max) = (0, ulong.MaxValue);
        if (TryTake(".size"))
        {
            bool inParentheses = TryTake("(");
            (min, max) = Range(Take());
            if (inParentheses)
            {
                Expect(")");
            }
        }

        return new CddlType.Primitive(name, min, max);
    }

    private CddlGroup InnerGroup(string open, string close)
    {
        Expect(open);
        List<IReadOnlyList<object>> alternatives = [];
        List<object> row = [];
        while (!TryTake(close))
        {
            if (TryTake("//"))
            {
                alternatives.Add(row);
                row = [];
            }
            else
            {
                row.Add(Next == "(" ? InnerGroup("(", ")") : Member());
                TryTake(",");
            }
        }

        return new CddlGroup([.. alternatives, row]);
    }

    private CddlMember Member()
    {
        (int min, int max) = TryTake("?") ? (0, 1) : (1, 1);
        if (Occurrence().Match(Next) is { Success: true } occurrence)
        {
            _position++;
            min = int.Parse(occurrence.Groups[1].Value, CultureInfo.InvariantCulture);
            max = int.Parse(occurrence.Groups[2].Value, CultureInfo.InvariantCulture);
        }

        CddlType type = Type();
        if (TryTake("=>"))
        {
            return new CddlMember(min, max, type, Type());
        }

        // A name before a colon is there to be read.
        return new CddlMember(min, max, null, TryTake(":") ? Type() : type);
    }

    private static (BigInteger Min, BigInteger Max) Range(string text)
    {
        string[] ends = text.Split("..");
        return (BigInteger.Parse(ends[0], CultureInfo.InvariantCulture), BigInteger.Parse(ends[^1], CultureInfo.InvariantCulture));
    }

    private string Take() => _tokens[_position++];

    private bool TryTake(string token)
    {
        bool found = Next == token;
        _position += found ? 1 : 0;
        return found;
    }

    private void Expect(string token) => Assert.Equal(token, Take());

    [GeneratedRegex(";[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"[a-z][a-z0-9]*(?:-[a-z0-9]+)*|\d+\*\d+|-?\d+(?:\.\.-?\d+)?|\.size|=>|//|[=/:?,()\[\]{}]")]
    private static partial Regex Token();

    [GeneratedRegex(@"^(\d+)\*(\d+)$")]
    private static partial Regex Occurrence();
}
