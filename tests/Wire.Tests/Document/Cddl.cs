using System.Numerics;
using System.Text;

namespace Init.Wire.Tests;

/// <summary>As much of RFC 8610 as the specification uses, as data.</summary>
internal abstract record CddlType
{
    /// <summary>Whether the data item is of this type.</summary>
    public abstract bool Matches(CborNode node, Cddl rules);

    public sealed record Range(BigInteger Min, BigInteger Max) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) => node is CborNode.Number number && number.Value >= Min && number.Value <= Max;
    }

    public sealed record Primitive(string Name, BigInteger MinBytes, BigInteger MaxBytes) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) => (Name, node) switch
        {
            ("uint", CborNode.Number number) => number.Value.Sign >= 0,
            ("bstr", CborNode.Bytes bytes) => bytes.Value.Length >= MinBytes && bytes.Value.Length <= MaxBytes,
            ("tstr", CborNode.Text text) => Encoding.UTF8.GetByteCount(text.Value) is int bytes && bytes >= MinBytes && bytes <= MaxBytes,
            ("bool", CborNode.Boolean) or ("null", CborNode.Null) => true,
            _ => false,
        };
    }

    public sealed record Choice(IReadOnlyList<CddlType> Types) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) => Types.Any(type => type.Matches(node, rules));
    }

    public sealed record Reference(string Name) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) => rules.Type(Name).Matches(node, rules);
    }

    public sealed record ArrayOf(CddlGroup Group) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) =>
            node is CborNode.Array array && Group.Flat(rules).Any(members => Matches(array.Items, members, rules));

        private static bool Matches(List<CborNode> items, IReadOnlyList<CddlMember> members, Cddl rules)
        {
            int position = 0;
            foreach (CddlMember member in members)
            {
                int count = 0;
                while (count < member.Max && position < items.Count && member.Type.Matches(items[position], rules))
                {
                    (count, position) = (count + 1, position + 1);
                }

                if (count < member.Min)
                {
                    return false;
                }
            }

            return position == items.Count;
        }
    }

    public sealed record MapOf(CddlGroup Group) : CddlType
    {
        public override bool Matches(CborNode node, Cddl rules) =>
            node is CborNode.Map map && Group.Flat(rules).Any(members => Matches(map.Pairs, members, rules));

        private static bool Matches(List<(CborNode Key, CborNode Value)> pairs, IReadOnlyList<CddlMember> members, Cddl rules)
        {
            int[] counts = new int[members.Count];
            foreach ((CborNode key, CborNode value) in pairs)
            {
                int index = members.ToList().FindIndex(member => member.Key!.Matches(key, rules) && member.Type.Matches(value, rules));
                if (index < 0 || ++counts[index] > members[index].Max)
                {
                    return false;
                }
            }

            return members.Select((member, i) => counts[i] >= member.Min).All(enough => enough);
        }
    }
}

/// <summary>A member of a group.</summary>
internal sealed record CddlMember(int Min, int Max, CddlType? Key, CddlType Type);

/// <summary>Alternatives, each of which is members and groups in a row.</summary>
internal sealed record CddlGroup(IReadOnlyList<IReadOnlyList<object>> Alternatives)
{
    /// <summary>Every row of members that the group can be.</summary>
    public IEnumerable<IReadOnlyList<CddlMember>> Flat(Cddl rules) => Alternatives.SelectMany(row => row.Aggregate(
        (IEnumerable<IReadOnlyList<CddlMember>>)[[]],
        (heads, entry) => heads.SelectMany(head => Flat(entry, rules).Select(tail => (IReadOnlyList<CddlMember>)[.. head, .. tail]))));

    private static IEnumerable<IReadOnlyList<CddlMember>> Flat(object entry, Cddl rules) => entry switch
    {
        CddlGroup group => group.Flat(rules),
        CddlMember { Key: null, Type: CddlType.Reference reference } when rules.Group(reference.Name) is CddlGroup group => group.Flat(rules),
        _ => [[(CddlMember)entry]],
    };
}

/// <summary>The specification's rules by name.</summary>
internal sealed class Cddl(IReadOnlyDictionary<string, object> rules)
{
    public IEnumerable<string> Names => rules.Keys;

    public CddlType Type(string name) => rules.TryGetValue(name, out object? rule) && rule is CddlType type
        ? type
        : throw new InvalidOperationException($"CDDL: no type {name}");

    public CddlGroup? Group(string name) => rules.GetValueOrDefault(name) as CddlGroup;

    /// <summary>Whether a document is one of the rule's.</summary>
    public bool Accepts(string rule, byte[] document) => Type(rule).Matches(CborNode.Read(document), this);
}
